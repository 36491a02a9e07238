//! Which browser, system and sort of device does a user agent stand for, and is this an address?

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;

/// Bytes of a user agent that are looked at.
const USER_AGENT_BYTES_MAX: usize = 1_024;
/// Answers remembered per thread.
const REMEMBERED_MAX: usize = 2_048;

/// What a user agent says about itself; absent where it says nothing known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Agent {
    /// `Chrome`, `Safari`, …
    pub browser: Option<Box<str>>,
    /// `Windows 10`, `Mac OSX`, `iPhone`, `Android`, …
    pub os: Option<Box<str>>,
    /// `desktop`, `mobile`, `tablet`, `console` or `bot`.
    pub device: Option<Box<str>>,
}

impl Agent {
    /// Reads a user agent. The same text always gets the same answer, which is why the answers of
    /// late are remembered: parsing costs more than everything else about an event.
    #[must_use]
    pub fn parse(user_agent: &str) -> Self {
        thread_local! {
            static REMEMBERED: RefCell<HashMap<Box<str>, Agent>> = RefCell::default();
        }
        let user_agent = first_bytes(user_agent, USER_AGENT_BYTES_MAX);
        REMEMBERED.with_borrow_mut(|remembered| {
            if let Some(agent) = remembered.get(user_agent) {
                return agent.clone();
            }
            if remembered.len() >= REMEMBERED_MAX {
                remembered.clear();
            }
            let agent = look_at(user_agent);
            remembered.insert(user_agent.into(), agent.clone());
            agent
        })
    }

    /// Whether nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.browser.is_none() && self.os.is_none() && self.device.is_none()
    }
}

fn look_at(user_agent: &str) -> Agent {
    let Some(found) = woothee::parser::Parser::new().parse(user_agent) else {
        return Agent::default();
    };
    let known = |text: &str| (!text.is_empty() && text != "UNKNOWN").then(|| text.into());
    Agent {
        browser: known(found.name),
        os: known(found.os),
        device: device(user_agent, found.category, found.os).map(Into::into),
    }
}

fn device(user_agent: &str, category: &str, os: &str) -> Option<&'static str> {
    let is_tablet = os == "iPad" || (os == "Android" && !user_agent.contains("Mobile"));
    match category {
        "smartphone" if is_tablet => Some("tablet"),
        "smartphone" | "mobilephone" => Some("mobile"),
        "pc" => Some("desktop"),
        "appliance" => Some("console"),
        "crawler" => Some("bot"),
        _ => None,
    }
}

/// The address in its canonical form (IPv4 in IPv6 as IPv4), where `text` is one.
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

fn first_bytes(text: &str, n_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(n_bytes)]
}
