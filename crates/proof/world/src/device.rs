//! On which devices does a customer meet Northlight?
//!
//! One device 35 %, two 40 %, three 20 %, four 5 % (passers-by: one 85 %, two
//! 15 %); 70 % of customers have the app on their phone. Cookies are lost before
//! 3 % of the visits on browsers: then the device has a new anonymous id and its
//! owner is signed out. Where a household shares a tablet, it has one anonymous
//! id for all, and nobody stays signed in.

use crate::country::Country;
use crate::event::Sender;
use crate::json::{push_member, push_text, push_uuid};
use crate::nature::Kind;
use crate::person::Person;
use crate::seed::{Seed, Stream};
use std::sync::Arc;

/// What kind of device somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeviceKind {
    Desktop,
    Phone,
    Tablet,
    /// The app on a phone, a client of its own.
    App,
}

const DESKTOPS: [&str; 6] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
];
const PHONES: [&str; 6] = [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.101 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0",
];
const TABLETS: [&str; 3] = [
    "Mozilla/5.0 (iPad; CPU OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.7 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPad; CPU OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.7204.156 Mobile/15E148 Safari/604.1",
];
const APPS: [(&str, &str, &str); 4] = [
    ("analytics-swift", "1.9.1", "NorthlightHome/5.6.0 (iPhone; iOS 18.5; Scale/3.00)"),
    ("analytics-swift", "1.8.0", "NorthlightHome/5.4.2 (iPhone; iOS 17.6; Scale/2.00)"),
    (
        "analytics-kotlin",
        "1.19.2",
        "NorthlightHome/5.6.0 (Android 15; Pixel 9 Build/AP4A.250205.002)",
    ),
    (
        "analytics-kotlin",
        "1.16.3",
        "NorthlightHome/5.5.1 (Android 14; SM-A556B Build/UP1A.231005.007)",
    ),
];

/// One device, and who is known on it.
pub(crate) struct Device {
    pub(crate) kind: DeviceKind,
    pub(crate) anonymous_id: Arc<str>,
    pub(crate) sender: Arc<Sender>,
    pub(crate) signed_in: bool,
    /// Used by the household.
    pub(crate) is_shared: bool,
    seed: Seed,
    n_cookies: u64,
    weight: f64,
}

impl Device {
    fn new(
        seed: Seed,
        kind: DeviceKind,
        country: &'static Country,
        ip: &str,
        weight: f64,
    ) -> Device {
        let mut s = seed.stream();
        let sender = sender(&mut s, kind, country, ip);
        let anonymous_id = uuid(seed.nth(0));
        Device {
            kind,
            anonymous_id,
            sender: Arc::new(sender),
            signed_in: false,
            is_shared: false,
            seed,
            n_cookies: 1,
            weight,
        }
    }

    /// The cookie is lost: a new anonymous id, and signed out.
    pub(crate) fn lose_cookie(&mut self) {
        self.anonymous_id = uuid(self.seed.nth(self.n_cookies));
        self.n_cookies += 1;
        self.signed_in = false;
    }
}

/// The devices of one customer, the most used first.
pub(crate) struct Devices {
    pub(crate) all: Vec<Device>,
}

impl Devices {
    pub(crate) fn of(person: &Person, kind: Kind) -> Devices {
        let seed = person.seed.named("devices");
        let mut s = seed.stream();
        let ip = home_ip(person.household.seed);
        let n = match kind {
            Kind::Passerby => 1 + s.weighted(&[85.0, 15.0]),
            _ => 1 + s.weighted(&[35.0, 40.0, 20.0, 5.0]),
        };
        let first = match kind {
            Kind::Business => s.weighted(&[80.0, 20.0]),
            _ => s.weighted(&[42.0, 58.0]),
        };
        let order =
            [DeviceKind::Desktop, DeviceKind::Phone, DeviceKind::Tablet, DeviceKind::Desktop];
        let mut kinds = order;
        kinds[..2].rotate_left(first);
        let mut all: Vec<Device> = kinds[..n]
            .iter()
            .enumerate()
            .map(|(i, kind)| {
                Device::new(seed.nth(i as u64), *kind, person.country, &ip, 1.0 / (1 + i) as f64)
            })
            .collect();
        if person.household.shares_tablet && kind != Kind::Business {
            let home = person.household.seed.named("tablet");
            let mut tablet = Device::new(home, DeviceKind::Tablet, person.country, &ip, 0.35);
            tablet.is_shared = true;
            all.push(tablet);
        }
        if matches!(kind, Kind::Customer | Kind::Business) && s.chance(0.7) {
            all.push(Device::new(seed.named("app"), DeviceKind::App, person.country, &ip, 0.9));
        }
        Devices { all }
    }

    /// The device of the next visit. The app is used only by those who have an account.
    pub(crate) fn choose(&self, s: &mut Stream, has_account: bool) -> usize {
        let weights = self.all.iter().map(|device| match device.kind {
            DeviceKind::App if !has_account => 0.0,
            _ => device.weight,
        });
        s.weighted(&weights.collect::<Vec<_>>())
    }

    /// The app, or else the device that is most used.
    pub(crate) fn for_set_up(&self) -> usize {
        self.all.iter().position(|device| device.kind == DeviceKind::App).unwrap_or(0)
    }

    /// Is this the id of a device that the household shares?
    pub(crate) fn is_shared(&self, anonymous_id: &str) -> bool {
        self.all.iter().any(|device| device.is_shared && &*device.anonymous_id == anonymous_id)
    }

    /// The most used browser.
    pub(crate) fn browser(&self) -> usize {
        0
    }
}

/// The server of the shop, and that of the e-mail service.
pub(crate) fn server() -> Sender {
    finish(Sender {
        library: "analytics-node",
        version: "3.1.0",
        user_agent: "",
        ip: String::new(),
        locale: "",
        timezone: "",
        json: String::new(),
    })
}

fn sender(s: &mut Stream, kind: DeviceKind, country: &'static Country, ip: &str) -> Sender {
    let abroad = s.chance(0.06);
    let (library, version, user_agent) = match kind {
        DeviceKind::Desktop => ("analytics.js", "next-1.81.0", s.pick(&DESKTOPS)),
        DeviceKind::Phone => ("analytics.js", "next-1.81.0", s.pick(&PHONES)),
        DeviceKind::Tablet => ("analytics.js", "next-1.81.0", s.pick(&TABLETS)),
        DeviceKind::App => s.pick(&APPS),
    };
    finish(Sender {
        library,
        version,
        user_agent,
        ip: ip.to_owned(),
        locale: if abroad { "en-US" } else { country.locale },
        timezone: country.timezone,
        json: String::new(),
    })
}

fn finish(mut sender: Sender) -> Sender {
    let mut json = String::from("\"library\":{\"name\":");
    push_text(&mut json, sender.library);
    push_member(&mut json, "version", sender.version);
    json.push('}');
    let rest = [
        ("userAgent", sender.user_agent),
        ("ip", sender.ip.as_str()),
        ("locale", sender.locale),
        ("timezone", sender.timezone),
    ];
    for (key, text) in rest.into_iter().filter(|(_, text)| !text.is_empty()) {
        push_member(&mut json, key, text);
    }
    sender.json = json;
    sender
}

/// An address of the household's line: three of ten have IPv6 (2001:db8::/32), the
/// others one of the 762 hosts of the three IPv4 ranges for documentation.
fn home_ip(household: Seed) -> String {
    let mut s = household.named("ip").stream();
    let wide = s.bits();
    if s.chance(0.3) {
        return format!(
            "2001:db8:{:x}:{:x}::{:x}",
            wide & 0xFFFF,
            wide >> 16 & 0xFFFF,
            wide >> 32 & 0xFFF
        );
    }
    format!("{}.{}", s.pick(&["192.0.2", "198.51.100", "203.0.113"]), 1 + wide % 254)
}

fn uuid(seed: Seed) -> Arc<str> {
    let mut out = String::with_capacity(36);
    push_uuid(&mut out, seed.wide_bits());
    out.into()
}
