//! Which functions and files have grown past what can be proofread?

use crate::repo;
use anyhow::{Context, Result};
use std::path::Path;
use syn::spanned::Spanned;
use syn::visit::Visit;

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 600;

/// A function or file over its size.
pub struct Oversize {
    /// What the ratchet calls it: `path::function`, or `path`.
    pub key: String,
    /// The breach in a sentence.
    pub sentence: String,
}

/// Every function and file over its size, tests not counted.
pub fn breaches() -> Result<Vec<Oversize>> {
    let mut found = Vec::new();
    for folder in ["crates", "bench", "xtask"] {
        for file in repo::files(&repo::root().join(folder), "rs")? {
            if !is_test_file(&file) {
                found.extend(measure(&file)?);
            }
        }
    }
    Ok(found)
}

fn is_test_file(file: &Path) -> bool {
    let in_tests = file.components().any(|c| c.as_os_str() == "tests");
    in_tests || file.file_stem().is_some_and(|stem| stem == "tests")
}

fn measure(file: &Path) -> Result<Vec<Oversize>> {
    let text = std::fs::read_to_string(file)?;
    let syntax = syn::parse_file(&text).with_context(|| repo::shown(file))?;
    let name = repo::shown(file);
    let mut visitor = Functions { file: name.clone(), test_lines: 0, found: Vec::new() };
    visitor.visit_file(&syntax);
    let n_lines = text.lines().count() - visitor.test_lines;
    if n_lines > FILE_LINES_MAX {
        let sentence = format!("{name}: {n_lines} lines without tests (at most {FILE_LINES_MAX})");
        visitor.found.push(Oversize { key: name, sentence });
    }
    Ok(visitor.found)
}

struct Functions {
    file: String,
    test_lines: usize,
    found: Vec<Oversize>,
}

impl Functions {
    fn note(&mut self, name: &syn::Ident, span: proc_macro2::Span) {
        let (start, end) = (span.start().line, span.end().line);
        let n_lines = end - start + 1;
        if n_lines > FUNCTION_LINES_MAX {
            let file = &self.file;
            let sentence = format!(
                "{file}:{start}: fn {name} has {n_lines} lines (at most {FUNCTION_LINES_MAX})"
            );
            self.found.push(Oversize { key: format!("{file}::{name}"), sentence });
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        let for_tests = module.attrs.iter().any(|a| {
            a.path().is_ident("cfg")
                && a.parse_args::<syn::Ident>().is_ok_and(|argument| argument == "test")
        });
        if for_tests {
            let span = module.span();
            self.test_lines += span.end().line - span.start().line + 1;
        } else {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.note(&function.sig.ident, function.block.span());
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.note(&function.sig.ident, function.block.span());
        syn::visit::visit_impl_item_fn(self, function);
    }
}
