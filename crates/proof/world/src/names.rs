//! What are people called, and how does a name look in an e-mail address?
//!
//! One book of names per language; one in nine people carries a name from
//! elsewhere, some in other scripts together with how they write it in Latin
//! letters.

use crate::seed::Stream;

/// The names usual in one language.
#[derive(Debug)]
pub(crate) struct NameBook {
    pub(crate) first: &'static [&'static str],
    pub(crate) last: &'static [&'static str],
}

/// A name as written by its bearer, and in plain Latin letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) written: &'static str,
    pub(crate) latin: String,
}

impl Name {
    fn plain(written: &'static str) -> Name {
        Name { written, latin: to_latin(written) }
    }
}

/// How many families in a hundred have names from elsewhere.
const ELSEWHERE_PERCENT: f64 = 11.0;

/// A family's name, and the book from which its first names come.
#[derive(Clone, Debug)]
pub(crate) enum Family {
    /// Of the country's own language.
    Local(Name, &'static NameBook),
    /// From elsewhere: an index into [`ELSEWHERE`].
    Elsewhere(Name, &'static Elsewhere),
}

impl Family {
    pub(crate) fn draw(stream: &mut Stream, book: &'static NameBook) -> Family {
        let local = Name::plain(stream.pick(book.last));
        let origin = &ELSEWHERE[stream.below(ELSEWHERE.len())];
        let (written, latin) = stream.pick(origin.last);
        if stream.chance(ELSEWHERE_PERCENT / 100.0) {
            Family::Elsewhere(Name { written, latin: latin.to_owned() }, origin)
        } else {
            Family::Local(local, book)
        }
    }

    /// The name that the family bears.
    pub(crate) fn last(&self) -> &Name {
        match self {
            Family::Local(name, _) | Family::Elsewhere(name, _) => name,
        }
    }

    /// A first name for a member.
    pub(crate) fn first(&self, stream: &mut Stream) -> Name {
        match self {
            Family::Local(_, book) => Name::plain(stream.pick(book.first)),
            Family::Elsewhere(_, origin) => {
                let (written, latin) = stream.pick(origin.first);
                Name { written, latin: latin.to_owned() }
            }
        }
    }
}

/// A name in Latin letters without accents, lower case, letters only.
pub(crate) fn to_latin(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' => out.push(letter),
            'ä' => out.push_str("ae"),
            'ö' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'œ' => out.push_str("oe"),
            'á' | 'à' | 'â' | 'å' | 'ã' | 'ą' => out.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' => out.push('e'),
            'í' | 'ì' | 'î' | 'ï' => out.push('i'),
            'ó' | 'ò' | 'ô' | 'õ' => out.push('o'),
            'ú' | 'ù' | 'û' => out.push('u'),
            'ç' | 'ć' => out.push('c'),
            'ñ' | 'ń' => out.push('n'),
            'ł' => out.push('l'),
            'ś' | 'ş' => out.push('s'),
            'ź' | 'ż' => out.push('z'),
            _ => {}
        }
    }
    out
}

/// Names from one place outside the ten countries: as written, and in Latin letters.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    first: &'static [(&'static str, &'static str)],
    last: &'static [(&'static str, &'static str)],
}

static ELSEWHERE: [Elsewhere; 6] = [
    Elsewhere {
        first: &[("Ayşe", "ayse"), ("Mehmet", "mehmet"), ("Çiğdem", "cigdem"), ("Oğuz", "oguz")],
        last: &[("Yılmaz", "yilmaz"), ("Şahin", "sahin"), ("Öztürk", "ozturk"), ("Kaya", "kaya")],
    },
    Elsewhere {
        first: &[
            ("Олена", "olena"),
            ("Андрій", "andrii"),
            ("Наталія", "nataliia"),
            ("Юрій", "yurii"),
        ],
        last: &[("Шевченко", "shevchenko"), ("Коваленко", "kovalenko"), ("Бойко", "boiko")],
    },
    Elsewhere {
        first: &[
            ("Γιώργος", "giorgos"),
            ("Ελένη", "eleni"),
            ("Νίκος", "nikos"),
            ("Μαρία", "maria"),
        ],
        last: &[
            ("Παπαδόπουλος", "papadopoulos"),
            ("Νικολάου", "nikolaou"),
            ("Βασιλείου", "vasileiou"),
        ],
    },
    Elsewhere {
        first: &[("伟", "wei"), ("芳", "fang"), ("敏", "min"), ("磊", "lei"), ("静", "jing")],
        last: &[("王", "wang"), ("李", "li"), ("陈", "chen"), ("张", "zhang")],
    },
    Elsewhere {
        first: &[("ليلى", "layla"), ("يوسف", "youssef"), ("مريم", "maryam"), ("عمر", "omar")],
        last: &[("حداد", "haddad"), ("الخطيب", "alkhatib"), ("منصور", "mansour")],
    },
    Elsewhere {
        first: &[("Nguyệt", "nguyet"), ("Đức", "duc"), ("Linh", "linh"), ("Hạnh", "hanh")],
        last: &[("Nguyễn", "nguyen"), ("Trần", "tran"), ("Phạm", "pham"), ("Lê", "le")],
    },
];

pub(crate) static GERMAN: NameBook = NameBook {
    first: &[
        "Anna", "Lukas", "Jürgen", "Sophie", "Felix", "Käthe", "Jonas", "Mia", "Björn", "Lena",
        "Matthias", "Jörg", "Claudia", "Sabine", "Tobias", "Heike", "Günther", "Nele", "Paul",
        "Ute",
    ],
    last: &[
        "Müller",
        "Schmidt",
        "Schneider",
        "Fischer",
        "Weber",
        "Schäfer",
        "Koch",
        "Bauer",
        "König",
        "Groß",
        "Vogel",
        "Krüger",
        "Lehmann",
        "Böhm",
        "Winter",
        "Strauß",
        "Hofmann",
        "Jäger",
    ],
};
pub(crate) static BRITISH: NameBook = NameBook {
    first: &[
        "Olivia",
        "George",
        "Amelia",
        "Harry",
        "Isla",
        "Jack",
        "Emily",
        "Thomas",
        "Grace",
        "Oliver",
        "Zoë",
        "William",
        "Charlotte",
        "James",
        "Freya",
        "Daniel",
        "Hannah",
        "Siân",
        "Priya",
        "Owen",
    ],
    last: &[
        "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel",
        "Wright", "Walker", "Hughes", "Green", "O'Brien", "Clarke", "Brontë", "Baker", "Hall",
    ],
};
pub(crate) static FRENCH: NameBook = NameBook {
    first: &[
        "Camille",
        "Léa",
        "Hugo",
        "Chloé",
        "Théo",
        "Inès",
        "Jérôme",
        "Élodie",
        "François",
        "Zoé",
        "Benoît",
        "Hélène",
        "Raphaël",
        "Agnès",
        "Mathieu",
        "Noémie",
        "Loïc",
        "Aurélie",
    ],
    last: &[
        "Martin",
        "Bernard",
        "Dubois",
        "Lefèvre",
        "Moreau",
        "Laurent",
        "Garçon",
        "Girard",
        "André",
        "Mercier",
        "Béranger",
        "Fontaine",
        "Rousseau",
        "Blanchet",
        "Guérin",
        "Noël",
        "Perrot",
    ],
};
pub(crate) static DUTCH: NameBook = NameBook {
    first: &[
        "Daan", "Sanne", "Bram", "Lotte", "Thijs", "Fleur", "Sem", "Maaike", "Joris", "Noor",
        "Ruben", "Anouk", "Sven", "Iris", "Chloë", "Pim",
    ],
    last: &[
        "de Jong",
        "Jansen",
        "de Vries",
        "van den Berg",
        "Bakker",
        "van Dijk",
        "Visser",
        "Smit",
        "Meijer",
        "de Boer",
        "Mulder",
        "Bos",
        "Vos",
        "Hendriks",
    ],
};
pub(crate) static IRISH: NameBook = NameBook {
    first: &[
        "Aoife", "Conor", "Niamh", "Seán", "Ciara", "Pádraig", "Róisín", "Oisín", "Gráinne",
        "Liam", "Caoimhe", "Declan", "Siobhán", "Eoin",
    ],
    last: &[
        "Murphy",
        "Kelly",
        "O'Sullivan",
        "Walsh",
        "Byrne",
        "Ryan",
        "O'Connor",
        "Doyle",
        "McCarthy",
        "Gallagher",
        "Ní Bhriain",
        "Kennedy",
        "Lynch",
        "Ó Murchú",
    ],
};
pub(crate) static SPANISH: NameBook = NameBook {
    first: &[
        "Lucía", "Mateo", "Sofía", "Íñigo", "Martina", "José", "Begoña", "Andrés", "Nuria",
        "Álvaro", "Carmen", "Raúl", "Inés", "Jesús",
    ],
    last: &[
        "García",
        "Fernández",
        "López",
        "Martínez",
        "Sánchez",
        "Pérez",
        "Gómez",
        "Muñoz",
        "Núñez",
        "Ibáñez",
        "Castro",
        "Ortiz",
        "Peña",
        "Vázquez",
    ],
};
pub(crate) static ITALIAN: NameBook = NameBook {
    first: &[
        "Giulia",
        "Leonardo",
        "Aurora",
        "Francesco",
        "Niccolò",
        "Chiara",
        "Matteo",
        "Beatrice",
        "Giosuè",
        "Elena",
        "Davide",
        "Noemi",
    ],
    last: &[
        "Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci",
        "D'Angelo", "Nicolò", "Conti", "Salò",
    ],
};
pub(crate) static SWEDISH: NameBook = NameBook {
    first: &[
        "Elsa", "Björn", "Åsa", "Göran", "Maja", "Håkan", "Linnéa", "Nils", "Märta", "Oskar",
        "Sölve", "Ebba",
    ],
    last: &[
        "Andersson",
        "Johansson",
        "Lindström",
        "Åkesson",
        "Öberg",
        "Nyström",
        "Sjögren",
        "Ekström",
        "Holm",
        "Bergqvist",
        "Löfgren",
        "Hägg",
    ],
};
pub(crate) static POLISH: NameBook = NameBook {
    first: &[
        "Zofia",
        "Jakub",
        "Łukasz",
        "Małgorzata",
        "Paweł",
        "Agnieszka",
        "Michał",
        "Grażyna",
        "Stanisław",
        "Julia",
        "Wojciech",
        "Żaneta",
    ],
    last: &[
        "Nowak",
        "Kowalski",
        "Wiśniewski",
        "Wójcik",
        "Kamiński",
        "Zieliński",
        "Dąbrowski",
        "Król",
        "Woźniak",
        "Kozłowski",
        "Jabłoński",
        "Pawłowski",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_forms_are_plain_letters() {
        let cases = [
            ("Müller", "mueller"),
            ("O'Brien", "obrien"),
            ("van den Berg", "vandenberg"),
            ("Łukasz", "lukasz"),
            ("Ó Murchú", "omurchu"),
        ];
        for (name, latin) in cases {
            assert_eq!(to_latin(name), latin);
        }
    }

    #[test]
    fn every_name_has_a_latin_form() {
        let books =
            [&GERMAN, &BRITISH, &FRENCH, &DUTCH, &IRISH, &SPANISH, &ITALIAN, &SWEDISH, &POLISH];
        for name in books.iter().flat_map(|book| book.first.iter().chain(book.last)) {
            let latin = to_latin(name);
            let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
            assert!(latin.len() >= letters, "{name} became {latin}");
        }
    }
}
