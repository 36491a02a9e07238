//! What does Northlight Home sell?
//!
//! Prices are net of tax, in euro cents; the margin is the share of the net
//! price that is left after the cost of goods.

/// A shelf of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// The centre of an installation.
    Hubs,
    /// Indoor and outdoor cameras.
    Cameras,
    /// Video doorbells.
    Doorbells,
    /// Heating control.
    Thermostats,
    /// Door locks and keypads.
    Locks,
    /// Motion, door, water, smoke and air sensors.
    Sensors,
    /// Lamps and switches.
    Lights,
    /// Plugs and energy meters.
    Plugs,
    /// Sirens and panic buttons.
    Alarms,
    /// Mounts, batteries, cables.
    Accessories,
    /// Several products in one box.
    Bundles,
}

impl Category {
    /// All categories, in the order of their discriminants.
    pub const ALL: [Category; 11] = [
        Category::Hubs,
        Category::Cameras,
        Category::Doorbells,
        Category::Thermostats,
        Category::Locks,
        Category::Sensors,
        Category::Lights,
        Category::Plugs,
        Category::Alarms,
        Category::Accessories,
        Category::Bundles,
    ];

    /// The name shown in the shop.
    #[must_use]
    pub const fn name(self) -> &'static str {
        [
            "Hubs",
            "Cameras",
            "Doorbells",
            "Thermostats",
            "Locks",
            "Sensors",
            "Lights",
            "Plugs",
            "Alarms",
            "Accessories",
            "Bundles",
        ][self as usize]
    }

    /// The title of its list page.
    #[must_use]
    pub const fn title(self) -> &'static str {
        [
            "Hubs | Northlight Home",
            "Security cameras | Northlight Home",
            "Video doorbells | Northlight Home",
            "Thermostats and radiator valves | Northlight Home",
            "Smart locks | Northlight Home",
            "Sensors | Northlight Home",
            "Lights | Northlight Home",
            "Plugs and energy meters | Northlight Home",
            "Alarms | Northlight Home",
            "Accessories | Northlight Home",
            "Kits | Northlight Home",
        ][self as usize]
    }

    /// The path of its list page.
    #[must_use]
    pub const fn path(self) -> &'static str {
        [
            "/c/hubs",
            "/c/cameras",
            "/c/doorbells",
            "/c/thermostats",
            "/c/locks",
            "/c/sensors",
            "/c/lights",
            "/c/plugs",
            "/c/alarms",
            "/c/accessories",
            "/c/bundles",
        ][self as usize]
    }
}

/// How dear a product is within its category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tier {
    /// Entry level.
    Entry,
    /// The usual choice.
    Standard,
    /// Top of the range.
    Premium,
}

impl Tier {
    /// The name shown in the shop.
    #[must_use]
    pub const fn name(self) -> &'static str {
        ["Entry", "Standard", "Premium"][self as usize]
    }
}

/// One product.
#[derive(Debug, PartialEq)]
pub struct Product {
    /// The id that events carry.
    pub id: &'static str,
    /// The stock-keeping unit.
    pub sku: &'static str,
    /// The name shown in the shop.
    pub name: &'static str,
    /// The path of its page.
    pub path: &'static str,
    /// The title of its page.
    pub title: &'static str,
    /// Its shelf.
    pub category: Category,
    /// Its level.
    pub tier: Tier,
    /// Net price in euro cents.
    pub price_cents: i64,
    /// Share of the net price that is not the cost of goods, in percent.
    pub margin_percent: i64,
    /// How much it is wanted, relative to the others of its shelf.
    pub popularity: f64,
}

macro_rules! shelf {
    ($($slug:literal $name:literal $category:ident $tier:ident $price:literal $margin:literal $popularity:literal;)*) => {
        &[$(Product {
            id: concat!("nl-", $slug),
            sku: concat!("NLH-", $slug, "-EU"),
            name: $name,
            path: concat!("/p/", $slug),
            title: concat!($name, " | Northlight Home"),
            category: Category::$category,
            tier: Tier::$tier,
            price_cents: $price,
            margin_percent: $margin,
            popularity: $popularity,
        }),*]
    };
}

/// All products, in a fixed order; an index into it is a product's number in this crate.
pub static PRODUCTS: &[Product] = shelf![
    "hub-mini" "Northlight Hub Mini" Hubs Entry 4900 34 1.2;
    "hub-2" "Northlight Hub 2" Hubs Standard 8900 38 1.6;
    "hub-max" "Northlight Hub Max" Hubs Premium 14900 42 0.6;
    "bridge-matter" "Matter Bridge" Hubs Standard 5900 36 0.5;
    "repeater" "Range Extender" Hubs Entry 2900 40 0.7;
    "cam-mini" "Indoor Cam Mini" Cameras Entry 3400 30 1.4;
    "cam-indoor" "Indoor Cam" Cameras Standard 5900 35 1.5;
    "cam-pan" "Indoor Cam Pan & Tilt" Cameras Standard 7900 36 0.8;
    "cam-outdoor" "Outdoor Cam" Cameras Standard 10900 37 1.5;
    "cam-outdoor-pro" "Outdoor Cam Pro 4K" Cameras Premium 17900 41 0.7;
    "cam-solar" "Solar Cam" Cameras Premium 15900 39 0.6;
    "cam-flood" "Floodlight Cam" Cameras Premium 18900 40 0.5;
    "cam-garage" "Garage Cam" Cameras Standard 9900 36 0.3;
    "bell-wired" "Doorbell Wired" Doorbells Entry 6900 33 1.0;
    "bell-battery" "Doorbell Battery" Doorbells Standard 10900 36 1.5;
    "bell-pro" "Doorbell Pro" Doorbells Premium 16900 41 0.7;
    "chime" "Chime" Doorbells Entry 2500 45 0.8;
    "thermo-valve" "Radiator Valve" Thermostats Entry 4400 35 1.6;
    "thermo-valve-3" "Radiator Valve, set of 3" Thermostats Standard 11900 37 1.2;
    "thermo-room" "Room Thermostat" Thermostats Standard 9900 38 1.1;
    "thermo-learning" "Learning Thermostat" Thermostats Premium 18900 42 0.8;
    "thermo-floor" "Floor Heating Controller" Thermostats Premium 22900 40 0.3;
    "thermo-boiler" "Boiler Relay" Thermostats Standard 7900 36 0.4;
    "lock-keypad" "Keypad" Locks Entry 5900 40 0.8;
    "lock-retro" "Retrofit Lock" Locks Standard 14900 38 1.2;
    "lock-smart" "Smart Lock 3" Locks Premium 21900 41 0.9;
    "lock-cylinder" "Smart Cylinder" Locks Premium 18900 39 0.5;
    "lock-padlock" "Smart Padlock" Locks Entry 6900 37 0.5;
    "lock-gate" "Gate Opener" Locks Standard 12900 36 0.3;
    "sensor-door" "Door & Window Sensor" Sensors Entry 1900 48 1.6;
    "sensor-door-4" "Door & Window Sensor, set of 4" Sensors Standard 5900 46 1.2;
    "sensor-motion" "Motion Sensor" Sensors Standard 2900 47 1.4;
    "sensor-water" "Water Leak Sensor" Sensors Entry 2400 47 1.0;
    "sensor-smoke" "Smoke Detector" Sensors Standard 4900 42 1.1;
    "sensor-co" "Carbon Monoxide Detector" Sensors Standard 5400 42 0.6;
    "sensor-air" "Air Quality Monitor" Sensors Premium 11900 44 0.6;
    "sensor-temp" "Temperature & Humidity Sensor" Sensors Entry 1700 46 1.0;
    "sensor-glass" "Glass Break Sensor" Sensors Standard 3400 45 0.5;
    "sensor-presence" "Presence Sensor" Sensors Premium 5900 43 0.4;
    "light-bulb" "Colour Bulb" Lights Entry 1900 44 1.6;
    "light-bulb-4" "Colour Bulb, set of 4" Lights Standard 6400 42 1.1;
    "light-strip" "Light Strip 3 m" Lights Standard 4900 45 1.0;
    "light-switch" "Wall Switch" Lights Standard 3900 41 0.9;
    "light-dimmer" "Dimmer" Lights Standard 4900 41 0.6;
    "light-garden" "Garden Light Set" Lights Premium 12900 43 0.5;
    "light-panel" "Light Panels, set of 6" Lights Premium 14900 46 0.4;
    "plug" "Smart Plug" Plugs Entry 1500 40 1.7;
    "plug-4" "Smart Plug, set of 4" Plugs Standard 4900 39 1.2;
    "plug-outdoor" "Outdoor Plug" Plugs Standard 2900 40 0.7;
    "plug-meter" "Energy Meter Plug" Plugs Standard 2400 41 1.0;
    "meter-main" "Whole-Home Energy Meter" Plugs Premium 16900 37 0.4;
    "alarm-siren" "Indoor Siren" Alarms Entry 3900 44 0.9;
    "alarm-siren-out" "Outdoor Siren" Alarms Standard 7900 42 0.6;
    "alarm-panic" "Panic Button" Alarms Entry 2900 47 0.5;
    "alarm-keyfob" "Key Fob" Alarms Entry 1900 50 0.6;
    "alarm-panel" "Alarm Panel" Alarms Premium 19900 40 0.4;
    "acc-mount" "Wall Mount" Accessories Entry 1400 55 1.2;
    "acc-battery" "Rechargeable Battery" Accessories Entry 2900 50 1.3;
    "acc-solar" "Solar Charger" Accessories Standard 4900 44 0.8;
    "acc-cable" "Outdoor Cable 6 m" Accessories Entry 1900 56 0.9;
    "acc-case" "Silicone Skin" Accessories Entry 1200 60 0.6;
    "acc-sd" "Memory Card 128 GB" Accessories Standard 2200 35 0.7;
    "acc-stickers" "Window Stickers, set of 6" Accessories Entry 700 65 0.5;
    "kit-start" "Starter Kit" Bundles Standard 17900 36 1.4;
    "kit-security" "Security Kit" Bundles Standard 27900 37 1.1;
    "kit-security-pro" "Security Kit Pro" Bundles Premium 44900 39 0.5;
    "kit-heating" "Heating Kit, 5 rooms" Bundles Standard 24900 37 0.9;
    "kit-light" "Lighting Kit" Bundles Entry 12900 40 0.6;
    "kit-care" "Care Kit" Bundles Standard 19900 38 0.5;
    "kit-flat" "Rental Flat Kit" Bundles Premium 38900 36 0.4;
];

/// A subscription plan.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Plan {
    /// Alerts and 24 hours of video.
    Basic,
    /// 30 days of video, all cameras.
    Plus,
    /// Monitoring, cellular backup, priority support.
    Pro,
}

impl Plan {
    /// The name that events carry.
    #[must_use]
    pub const fn name(self) -> &'static str {
        ["Basic", "Plus", "Pro"][self as usize]
    }

    /// Net price per month in euro cents.
    #[must_use]
    pub const fn price_cents(self) -> i64 {
        [399, 899, 1899][self as usize]
    }

    /// The next dearer plan.
    #[must_use]
    pub const fn above(self) -> Option<Plan> {
        match self {
            Plan::Basic => Some(Plan::Plus),
            Plan::Plus => Some(Plan::Pro),
            Plan::Pro => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn products_are_many_and_their_ids_their_own() {
        assert!((60..=80).contains(&PRODUCTS.len()), "{}", PRODUCTS.len());
        let ids: HashSet<_> = PRODUCTS.iter().map(|product| product.id).collect();
        assert_eq!(ids.len(), PRODUCTS.len());
        for category in Category::ALL {
            assert!(PRODUCTS.iter().any(|product| product.category == category));
        }
    }

    #[test]
    fn discriminants_are_positions() {
        for (i, category) in Category::ALL.into_iter().enumerate() {
            assert_eq!(category as usize, i);
        }
    }
}
