//! Which phone number does a customer have?
//!
//! Only numbers that regulators keep free for fiction: Ofcom's drama numbers,
//! ARCEP's ranges, the Bundesnetzagentur's and ComReg's. The other countries
//! name none, so their customers leave the field empty. Every customer has a
//! slot of its own, so no two share a number by accident; where a range is used
//! up (from some 25,000 customers in Germany's case, 80,000 in Britain's, 375,000 in
//! France's, 1,250,000 in Ireland's), later customers have no phone number.

/// How fictional numbers are made in a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PhonePlan {
    /// Five blocks of 1,000 in five cities.
    German,
    /// 07700 900xxx and fifteen geographic blocks of 1,000.
    British,
    /// Six blocks of 10,000, mobile first.
    French,
    /// 020 91x xxxx.
    Irish,
    /// No range is known.
    None,
}

const GERMAN: [&str; 5] = ["+493023125", "+496990009", "+494066969", "+492214710", "+498999998"];
const BRITISH: [&str; 16] = [
    "+447700900",
    "+441134960",
    "+441144960",
    "+441154960",
    "+441164960",
    "+441174960",
    "+441184960",
    "+441214960",
    "+441314960",
    "+441414960",
    "+441514960",
    "+441614960",
    "+442079460",
    "+441914980",
    "+442896496",
    "+442920180",
];
const FRENCH: [&str; 6] = ["+3363998", "+3319900", "+3326191", "+3335301", "+3346571", "+3353649"];

impl PhonePlan {
    /// The number of a slot in E.164, if the country's ranges reach that far.
    pub(crate) fn number(self, slot: u64) -> Option<String> {
        match self {
            PhonePlan::German => in_blocks(&GERMAN, slot, 3),
            PhonePlan::British => in_blocks(&BRITISH, slot, 3),
            PhonePlan::French => in_blocks(&FRENCH, slot, 4),
            PhonePlan::Irish => in_blocks(&["+3532091"], slot, 5),
            PhonePlan::None => None,
        }
    }
}

/// Slots fill the blocks in turn; within a block they are spread by a bijection
/// (7919 is prime to 10), so that neighbours do not have neighbouring numbers.
fn in_blocks(blocks: &[&str], slot: u64, digits: u32) -> Option<String> {
    let size = 10_u64.pow(digits);
    let block = slot % blocks.len() as u64;
    let within = slot / blocks.len() as u64;
    if within >= size {
        return None;
    }
    let number = within * 7919 % size;
    Some(format!("{}{number:0width$}", blocks[block as usize], width = digits as usize))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_number_is_given_twice_and_ranges_end() {
        let cases = [
            (PhonePlan::German, 5_000),
            (PhonePlan::British, 16_000),
            (PhonePlan::French, 60_000),
            (PhonePlan::Irish, 100_000),
            (PhonePlan::None, 0),
        ];
        for (plan, capacity) in cases {
            let numbers: HashSet<_> = (0..capacity).filter_map(|slot| plan.number(slot)).collect();
            assert_eq!(numbers.len() as u64, capacity, "{plan:?}");
            assert_eq!(plan.number(capacity), None, "{plan:?}");
        }
    }
}
