//! Filling in: `{name}`, and `[…]` for what needs an argument that may not be there.

/// Fills a template in. An argument that is not there is an ellipsis, and outside of `[…]` a mistake.
pub(super) fn fill(template: &str, argument: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, behind) = after.split_once(']').unwrap_or((after, ""));
        text.push_str(&replace(before, &argument).unwrap_or_else(|partly| partly));
        text.push_str(&replace(inside, &argument).unwrap_or_default());
        rest = behind;
    }
    text.push_str(&replace(rest, &argument).unwrap_or_else(|partly| partly));
    text
}

/// Replaces what is known; the error has an ellipsis for what is not.
fn replace(part: &str, argument: &impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut text = String::new();
    let (mut rest, mut whole) = (part, true);
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        let value = argument(name);
        whole &= value.is_some();
        text.push_str(before);
        text.push_str(value.as_deref().unwrap_or("…"));
        rest = behind;
    }
    text.push_str(rest);
    if whole { Ok(text) } else { Err(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn optional_parts_want_their_arguments() {
        let argument = |name: &str| (name == "serial").then(|| "01".to_owned());
        assert_eq!(fill("A[ No {serial}] of {whom}.", argument), "A No 01 of ….");
        assert_eq!(fill("A[ of {whom}] is {serial}[, {whom} or {serial}]!", argument), "A is 01!");
        assert_eq!(fill("no arguments", argument), "no arguments");
        assert_eq!(fill("[{whom", argument), "");
    }

    #[test]
    fn arguments_are_not_templates() {
        let argument = |_: &str| Some("{serial} [x]".to_owned());
        assert_eq!(fill("[a {b}]", argument), "a {serial} [x]");
    }
}
