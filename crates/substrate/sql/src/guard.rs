//! Is this a question, and one of bearable size?
//!
//! Three looks, each before the step that it protects: at the words before they are parsed (a
//! parser, a planner and the release of what they built walk as deep as a text is nested), at the
//! statement before it is planned, and at the plan before it is carried out.

use crate::error::SqlError;
use crate::limits::SqlLimits;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SQLOptions;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::{
    self, JoinConstraint, JoinOperator, NamedWindowExpr, Select, SetExpr, TableFactor, Visit,
    Visitor, WindowSpec, WindowType,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};
use std::ops::ControlFlow;

/// Tables, functions and subqueries of one question that may stand in `FROM`.
const TABLES_MAX: usize = 100;

/// Looks at the words of a text.
pub(crate) fn check_text(text: &str, limits: &SqlLimits) -> Result<(), SqlError> {
    if text.len() > limits.text_bytes_max {
        return Err(SqlError::TooLong { bytes_max: limits.text_bytes_max });
    }
    let tokens = Tokenizer::new(&PostgreSqlDialect {}, text).tokenize();
    let tokens = tokens.map_err(|e| SqlError::invalid(e.to_string()))?;
    let (mut n_tokens, mut n_operators, mut depth) = (0, 0, 0usize);
    for token in &tokens {
        match token {
            Token::Whitespace(_) => continue,
            Token::LParen | Token::LBracket | Token::LBrace => depth += 1,
            Token::RParen | Token::RBracket | Token::RBrace => depth = depth.saturating_sub(1),
            Token::Word(word) => match word.keyword {
                Keyword::CASE => depth += 1,
                Keyword::END => depth = depth.saturating_sub(1),
                keyword => n_operators += usize::from(is_operator(keyword)),
            },
            other => n_operators += usize::from(!is_plain(other)),
        }
        n_tokens += 1;
        if depth > limits.depth_max {
            let what = "brackets and CASEs inside each other";
            return Err(SqlError::TooComplex { what, max: limits.depth_max });
        }
    }
    if n_tokens > limits.tokens_max {
        return Err(SqlError::TooComplex { what: "words", max: limits.tokens_max });
    }
    if n_operators > limits.operators_max {
        return Err(SqlError::TooComplex { what: "operators", max: limits.operators_max });
    }
    Ok(())
}

/// Words that put what follows them one level deeper, or what is before them.
fn is_operator(keyword: Keyword) -> bool {
    use Keyword as K;
    matches!(
        keyword,
        K::AND
            | K::OR
            | K::NOT
            | K::IS
            | K::IN
            | K::LIKE
            | K::ILIKE
            | K::BETWEEN
            | K::SIMILAR
            | K::COLLATE
            | K::AT
            | K::UNION
            | K::EXCEPT
            | K::INTERSECT
            | K::JOIN
            | K::EXPLAIN
    )
}

fn is_plain(token: &Token) -> bool {
    matches!(
        token,
        Token::EOF
            | Token::Comma
            | Token::Period
            | Token::SemiColon
            | Token::Number(..)
            | Token::Char(_)
            | Token::Placeholder(_)
            | Token::SingleQuotedString(_)
            | Token::DollarQuotedString(_)
            | Token::EscapedStringLiteral(_)
            | Token::UnicodeStringLiteral(_)
            | Token::NationalStringLiteral(_)
            | Token::HexStringLiteral(_)
    )
}

/// Looks at a statement as DataFusion's own parser gives it.
pub(crate) fn check_statement(statement: &Statement) -> Result<(), SqlError> {
    match statement {
        Statement::Statement(statement) => check_ast(statement),
        Statement::Explain(explain) => check_statement(&explain.statement),
        other => Err(refused(&other.to_string())),
    }
}

/// Looks at a statement.
pub(crate) fn check_ast(statement: &ast::Statement) -> Result<(), SqlError> {
    use ast::Statement as S;
    match statement {
        S::Query(query) => {
            if let SetExpr::Select(select) = &*query.body
                && select.into.is_some()
            {
                return Err(refused("SELECT INTO"));
            }
        }
        S::Explain { statement, .. } => check_ast(statement)?,
        S::ExplainTable { .. }
        | S::ShowTables { .. }
        | S::ShowColumns { .. }
        | S::ShowFunctions { .. }
        | S::ShowSchemas { .. }
        | S::ShowVariable { .. } => {}
        other => return Err(refused(&other.to_string())),
    }
    match statement.visit(&mut Tables(0)) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// Looks at what stands in `FROM`: joins are planned without a pause, so they are counted, and some
/// of them would be answered otherwise than PostgreSQL does.
struct Tables(usize);

impl Visitor for Tables {
    type Break = SqlError;

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<SqlError> {
        let named = select.named_window.iter().map(|named| &named.1);
        if named
            .into_iter()
            .any(|named| matches!(named, NamedWindowExpr::WindowSpec(spec) if goes_on(spec)))
        {
            return ControlFlow::Break(continued_window());
        }
        let joins = select.from.iter().flat_map(|table| &table.joins);
        match joins.into_iter().any(|join| loses_its_key(&join.join_operator)) {
            true => ControlFlow::Break(SqlError::Invalid {
                message: "RIGHT and FULL JOIN with USING or NATURAL are not answered here".into(),
                place: None,
                hint: Some("write ON a.key = b.key, and coalesce(a.key, b.key) for the key".into()),
            }),
            false => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<SqlError> {
        match expr {
            ast::Expr::Function(function) => match &function.over {
                Some(WindowType::WindowSpec(spec)) if goes_on(spec) => {
                    ControlFlow::Break(continued_window())
                }
                _ => ControlFlow::Continue(()),
            },
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_table_factor(&mut self, _: &TableFactor) -> ControlFlow<SqlError> {
        self.0 += 1;
        match self.0 > TABLES_MAX {
            true => ControlFlow::Break(SqlError::TooComplex { what: "tables", max: TABLES_MAX }),
            false => ControlFlow::Continue(()),
        }
    }
}

/// Whether a window goes on from a named one: the planner would forget that one.
fn goes_on(window: &WindowSpec) -> bool {
    window.window_name.is_some()
}

fn continued_window() -> SqlError {
    SqlError::Invalid {
        message: "a window that goes on from a named one is not answered here".into(),
        place: None,
        hint: Some("write its PARTITION BY and ORDER BY out".into()),
    }
}

/// Whether the key of a join would be that of its left side, where only the right one has it.
fn loses_its_key(join: &JoinOperator) -> bool {
    use JoinOperator as J;
    matches!(
        join,
        J::Right(constraint) | J::RightOuter(constraint) | J::FullOuter(constraint)
            if matches!(constraint, JoinConstraint::Using(_) | JoinConstraint::Natural)
    )
}

fn refused(statement: &str) -> SqlError {
    let word = statement.split_whitespace().next().unwrap_or("this");
    let what = if statement.starts_with("SELECT INTO") { "SELECT INTO" } else { word };
    SqlError::ReadsOnly { what: what.chars().take(40).collect() }
}

/// Looks at a plan.
pub(crate) fn check_plan(plan: &LogicalPlan, limits: &SqlLimits) -> Result<(), SqlError> {
    let mut rest = vec![(plan, 1)];
    while let Some((node, depth)) = rest.pop() {
        if depth > limits.plan_depth_max {
            return Err(SqlError::TooComplex { what: "steps", max: limits.plan_depth_max });
        }
        rest.extend(node.inputs().into_iter().map(|input| (input, depth + 1)));
    }
    let reads =
        SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    reads.verify_plan(plan).map_err(|_| {
        let first = plan.display().to_string();
        SqlError::ReadsOnly { what: first.split(':').next().unwrap_or("this").to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use datafusion::sql::sqlparser::parser::Parser;

    fn check(text: &str) -> Result<(), SqlError> {
        check_text(text, &SqlLimits::default())
    }

    #[test]
    fn joins_that_would_lose_their_key_are_refused() {
        let check = |text: &str, is_refused: bool| {
            let parsed = Parser::parse_sql(&PostgreSqlDialect {}, text).unwrap().remove(0);
            assert_eq!(check_ast(&parsed).is_err(), is_refused, "{text}");
        };
        check("SELECT k FROM a JOIN b USING (k)", false);
        check("SELECT k FROM a LEFT JOIN b USING (k)", false);
        check("SELECT k FROM a FULL JOIN b ON a.k = b.k", false);
        check("SELECT k FROM a FULL JOIN b USING (k)", true);
        check("SELECT 1 FROM (SELECT k FROM a NATURAL RIGHT JOIN b) c", true);
        check("WITH c AS (SELECT k FROM a RIGHT OUTER JOIN b USING (k)) SELECT k FROM c", true);
    }

    #[test]
    fn windows_that_would_forget_what_they_go_on_from_are_refused() {
        let check = |text: &str, is_refused: bool| {
            let parsed = Parser::parse_sql(&PostgreSqlDialect {}, text).unwrap().remove(0);
            assert_eq!(check_ast(&parsed).is_err(), is_refused, "{text}");
        };
        check("SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c)", false);
        check("SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS 2 PRECEDING) FROM t", false);
        check("SELECT sum(a) OVER (w ROWS 2 PRECEDING) FROM t WINDOW w AS (ORDER BY c)", true);
        check("SELECT 1 FROM t WINDOW v AS (PARTITION BY b), w AS (v ORDER BY c)", true);
        check("SELECT 1 WHERE 1 IN (SELECT sum(a) OVER (w) FROM t WINDOW w AS (ORDER BY c))", true);
    }

    #[test]
    fn size_and_depth_are_bounded_before_anything_is_parsed() {
        assert!(check("SELECT ((1 + 2)) * CASE WHEN true THEN 1 END").is_ok());
        let deep = format!("SELECT {}1{}", "(".repeat(10_000), ")".repeat(10_000));
        assert!(matches!(check(&deep), Err(SqlError::TooComplex { max: 48, .. })));
        let long = format!("SELECT 1{}", " + 1".repeat(600));
        assert!(matches!(check(&long), Err(SqlError::TooComplex { what: "operators", .. })));
        let not = format!("SELECT {} true", "NOT ".repeat(600));
        assert!(matches!(check(&not), Err(SqlError::TooComplex { what: "operators", .. })));
        let list = format!("SELECT 1 WHERE 1 IN (1{})", ", 1".repeat(10_000));
        assert!(check(&list).is_ok());
        let wide = format!("SELECT 1{}", ", 1".repeat(30_000));
        assert!(matches!(check(&wide), Err(SqlError::TooComplex { what: "words", .. })));
        assert!(matches!(check(&"x".repeat(300_000)), Err(SqlError::TooLong { .. })));
        assert!(check(&format!("SELECT '{}'", "(".repeat(10_000))).is_ok(), "a text is a text");
    }
}
