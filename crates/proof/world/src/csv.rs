//! How is a line of a CSV file written?

/// Appends the fields as one line (RFC 4180, but ended by a line feed alone).
pub(crate) fn push_row<'a>(out: &mut String, fields: impl IntoIterator<Item = &'a str>) {
    for (i, field) in fields.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if field.contains(['"', ',', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    #[test]
    fn separators_and_quotes_are_quoted() {
        let mut out = String::new();
        super::push_row(&mut out, ["a", "b, c", "d \"e\"", ""]);
        assert_eq!(out, "a,\"b, c\",\"d \"\"e\"\"\",\n");
    }
}
