//! Which values stand in an object, those inside of objects included, and at which paths?

use crate::fields::Fields;
use serde_json::value::RawValue;

/// Steps of a path at most; what lies deeper is data in the wrong place.
const STEPS_MAX: usize = 5;

/// Gives `take` every member of the object `text` that is no object itself, with its path: the
/// steps parted by dots, as questions name them, behind those of `path`. Lists are members like
/// others. A name with dots in it cannot be stepped to, nor through.
pub(super) fn each_value(path: &[&str], text: &str, take: &mut impl FnMut(&str, &RawValue)) {
    for (name, value) in Fields::lenient(text).by_name() {
        let has_dots = name.contains('.');
        let steps = [path, &[name]].concat();
        if value.get().starts_with('{') {
            if !has_dots && steps.len() < STEPS_MAX {
                each_value(&steps, value.get(), take);
            }
        } else if !has_dots || path.is_empty() {
            take(&steps.join("."), value);
        }
    }
}
