//! Where do the customers live, and what is usual there?
//!
//! Ten countries of Europe; Northlight sells to all of them in euros.

use crate::names::{self, NameBook};
use crate::phone::PhonePlan;

/// One country in which Northlight sells.
#[derive(Debug)]
pub struct Country {
    /// ISO 3166 code.
    pub code: &'static str,
    /// English name, as the shop writes it.
    pub name: &'static str,
    /// The locale that most browsers there send.
    pub locale: &'static str,
    /// IANA time zone.
    pub timezone: &'static str,
    /// Hours ahead of UTC in winter.
    pub winter_hours: i64,
    /// Value-added tax in percent.
    pub tax_percent: i64,
    /// Of 100 streets of the world, how many are here?
    pub share_percent: u64,
    /// Cities with the first digits of their postcodes.
    pub cities: &'static [(&'static str, &'static str)],
    /// Street names.
    pub streets: &'static [&'static str],
    pub(crate) names: &'static NameBook,
    pub(crate) phone: PhonePlan,
}

macro_rules! country {
    ($code:literal $name:literal $locale:literal $zone:literal $hours:literal $tax:literal
     $share:literal $phone:ident $book:ident [$($city:literal $post:literal),*] [$($street:literal),*]) => {
        Country {
            code: $code, name: $name, locale: $locale, timezone: $zone, winter_hours: $hours,
            tax_percent: $tax, share_percent: $share, names: &names::$book,
            phone: PhonePlan::$phone, cities: &[$(($city, $post)),*], streets: &[$($street),*],
        }
    };
}

/// The countries; their shares add up to 100.
pub static COUNTRIES: [Country; 10] = [
    country!("DE" "Germany" "de-DE" "Europe/Berlin" 1 19 20 German GERMAN
        ["Berlin" "10", "Hamburg" "20", "München" "80", "Köln" "50", "Frankfurt am Main" "60",
         "Leipzig" "04", "Düsseldorf" "40", "Nürnberg" "90"]
        ["Lindenstraße", "Hauptstraße", "Gartenweg", "Schulstraße", "Mühlenweg", "Goethestraße"]),
    country!("GB" "United Kingdom" "en-GB" "Europe/London" 0 20 20 British BRITISH
        ["London" "SW", "Leeds" "LS", "Bristol" "BS", "Manchester" "M", "Cardiff" "CF",
         "Edinburgh" "EH", "Belfast" "BT", "Sheffield" "S"]
        ["High Street", "Station Road", "Church Lane", "Victoria Road", "Mill Lane", "The Green"]),
    country!("FR" "France" "fr-FR" "Europe/Paris" 1 20 16 French FRENCH
        ["Paris" "75", "Lyon" "69", "Marseille" "13", "Nîmes" "30", "Orléans" "45", "Lille" "59",
         "Saint-Étienne" "42"]
        ["Rue de la République", "Avenue Foch", "Rue du Moulin", "Rue des Écoles", "Chemin Vert"]),
    country!("NL" "Netherlands" "nl-NL" "Europe/Amsterdam" 1 21 10 None DUTCH
        ["Amsterdam" "10", "Rotterdam" "30", "Utrecht" "35", "Eindhoven" "56", "Groningen" "97"]
        ["Dorpsstraat", "Kerkstraat", "Molenweg", "Beatrixlaan", "Schoolstraat"]),
    country!("IE" "Ireland" "en-IE" "Europe/Dublin" 0 23 8 Irish IRISH
        ["Dublin" "D0", "Cork" "T1", "Galway" "H9", "Limerick" "V9", "Dún Laoghaire" "A9"]
        ["Main Street", "Chapel Road", "Bóthar na Trá", "Patrick Street", "Castle Avenue"]),
    country!("ES" "Spain" "es-ES" "Europe/Madrid" 1 21 8 None SPANISH
        ["Madrid" "28", "Barcelona" "08", "Málaga" "29", "Cádiz" "11", "A Coruña" "15"]
        ["Calle Mayor", "Avenida de la Constitución", "Calle del Río", "Paseo del Prado"]),
    country!("IT" "Italy" "it-IT" "Europe/Rome" 1 22 6 None ITALIAN
        ["Milano" "20", "Roma" "00", "Torino" "10", "Bologna" "40", "Forlì" "47"]
        ["Via Roma", "Via Garibaldi", "Corso Italia", "Via Dante", "Viale della Libertà"]),
    country!("SE" "Sweden" "sv-SE" "Europe/Stockholm" 1 25 5 None SWEDISH
        ["Stockholm" "11", "Göteborg" "41", "Malmö" "21", "Umeå" "90", "Örebro" "70"]
        ["Storgatan", "Kungsgatan", "Skolvägen", "Ängsvägen", "Björkgatan"]),
    country!("PL" "Poland" "pl-PL" "Europe/Warsaw" 1 23 4 None POLISH
        ["Warszawa" "00", "Kraków" "30", "Łódź" "90", "Wrocław" "50", "Gdańsk" "80"]
        ["ul. Polna", "ul. Leśna", "ul. Słoneczna", "ul. Krótka", "ul. Długa"]),
    country!("AT" "Austria" "de-AT" "Europe/Vienna" 1 20 3 None GERMAN
        ["Wien" "10", "Graz" "80", "Linz" "40", "Salzburg" "50", "Innsbruck" "60"]
        ["Bahnhofstraße", "Kirchengasse", "Wiener Straße", "Feldgasse", "Bergweg"]),
];

/// The country of a street, and the street's rank among those of its country.
///
/// Countries are dealt out in rounds of 100 streets, so the shares are exact and
/// every street has a rank of its own: fictional phone numbers are handed out by it.
pub(crate) fn of_street(street: u64, offset: u64) -> (&'static Country, u64) {
    let round = street / 100;
    let mut place = (street % 100 * 37 + offset % 100) % 100;
    for country in &COUNTRIES {
        if place < country.share_percent {
            return (country, round * country.share_percent + place);
        }
        place -= country.share_percent;
    }
    unreachable!("the shares of the countries add up to 100")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_street_has_its_own_rank_and_shares_are_exact() {
        let streets: Vec<_> = (0..1000).map(|street| of_street(street, 77)).collect();
        let ranks: HashSet<_> = streets.iter().map(|(c, rank)| (c.code, *rank)).collect();
        assert_eq!(ranks.len(), 1000);
        for country in &COUNTRIES {
            let n = streets.iter().filter(|(c, _)| c.code == country.code).count() as u64;
            assert_eq!(n, country.share_percent * 10);
        }
    }
}
