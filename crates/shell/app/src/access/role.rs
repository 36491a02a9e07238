//! Who may do what?
//!
//! The only place where rights are given out: everything else asks [`Role::may`] or
//! [`Scope::may`]. The whole table is held by a test in words.

/// What a person is here for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs the installation: everything.
    Admin,
    /// Sets up what is listened to, and works with customers.
    Marketer,
    /// Reads everything that customers do, and brings data in.
    Analyst,
    /// Works with customers.
    Sales,
    /// Looks, and changes nothing.
    ReadOnly,
}

impl Role {
    /// Every role, from the widest.
    pub const ALL: [Self; 5] =
        [Self::Admin, Self::Marketer, Self::Analyst, Self::Sales, Self::ReadOnly];

    /// The role as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Marketer => "marketer",
            Self::Analyst => "analyst",
            Self::Sales => "sales",
            Self::ReadOnly => "read_only",
        }
    }

    /// The role written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.slug() == slug)
    }

    /// Whether somebody in this role has the right.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        use Role::{Admin, Analyst, Marketer, ReadOnly, Sales};
        let holders: &[Self] = match right {
            Right::ViewCustomers | Right::ViewHome => &Self::ALL,
            Right::ViewSources | Right::ViewImports => &Self::ALL,
            Right::ViewEvents => &[Admin, Marketer, Analyst, ReadOnly],
            Right::ViewWriteKeys | Right::ChangeSources => &[Admin, Marketer],
            Right::ChangeIdentity => &[Admin, Marketer, Sales],
            Right::ChangePlans | Right::RunImports => &[Admin, Marketer, Analyst],
            Right::ManageUsers | Right::ManageTokens | Right::ViewAudit => &[Admin],
            Right::AskSql => &[Admin, Analyst],
            Right::ChangeBoards => &[Admin, Marketer, Analyst],
            Right::ChangeTraits => &[Admin],
            Right::HandlePrivacy => &[Admin, Marketer, Sales],
            Right::ExportCustomers | Right::EraseCustomers => &[Admin],
        };
        holders.contains(&self)
    }
}

/// What an API token was made for. Scopes do not include each other, `admin` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Reads what everybody reads, in SQL too.
    Read,
    /// Changes sources, tracking plans, who is one customer, and boards.
    Write,
    /// Brings files in.
    Import,
    /// Everything.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Import, Self::Admin];

    /// The scope as it is written on the wire and in tables.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Import => "import",
            Self::Admin => "admin",
        }
    }

    /// The scope written as `slug`, if it is one.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.slug() == slug)
    }

    /// Whether a token with this scope has the right.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        match self {
            Self::Admin => true,
            Self::Read => right == Right::AskSql || Role::ReadOnly.may(right),
            Self::Write => matches!(
                right,
                Right::ViewSources
                    | Right::ViewWriteKeys
                    | Right::ChangeSources
                    | Right::ChangePlans
                    | Right::ChangeIdentity
                    | Right::HandlePrivacy
                    | Right::ChangeBoards
            ),
            Self::Import => matches!(right, Right::ViewImports | Right::RunImports),
        }
    }
}

/// Something that not everybody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// See the home page, the state of the installation and its metrics.
    ViewHome,
    /// See sources, without their write keys, and their tracking plans.
    ViewSources,
    /// See write keys.
    ViewWriteKeys,
    /// Create, change, rotate and delete sources.
    ChangeSources,
    /// Pin and change tracking plans.
    ChangePlans,
    /// See single events as they were sent (the debugger).
    ViewEvents,
    /// See customers, their timelines and accounts.
    ViewCustomers,
    /// Merge customers, part them again, and take both back.
    ChangeIdentity,
    /// See imports and their rejects.
    ViewImports,
    /// Bring files in.
    RunImports,
    /// See, invite, change and disable users.
    ManageUsers,
    /// See, make and revoke API tokens.
    ManageTokens,
    /// Read the audit log.
    ViewAudit,
    /// Say which value of a trait counts, who may see it, and which evidence makes two identifiers
    /// one customer.
    ChangeTraits,
    /// Handle what customers ask for, and let their data rest.
    HandlePrivacy,
    /// Take out everything that is known of a customer.
    ExportCustomers,
    /// Erase customers, let them come back, and say how long events are kept.
    EraseCustomers,
    /// Ask in SQL, and save questions.
    AskSql,
    /// Make and change metrics, boards and alerts, and share boards by link.
    ChangeBoards,
}

impl Right {
    /// Every right, in the order of the pages.
    pub const ALL: [Self; 19] = [
        Self::ViewHome,
        Self::ViewSources,
        Self::ViewWriteKeys,
        Self::ChangeSources,
        Self::ChangePlans,
        Self::ViewEvents,
        Self::ViewCustomers,
        Self::ChangeIdentity,
        Self::ViewImports,
        Self::RunImports,
        Self::ManageUsers,
        Self::ManageTokens,
        Self::ViewAudit,
        Self::ChangeTraits,
        Self::HandlePrivacy,
        Self::ExportCustomers,
        Self::EraseCustomers,
        Self::AskSql,
        Self::ChangeBoards,
    ];

    /// What it allows, to complete "you may not …".
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ViewHome => "see the state of this installation",
            Self::ViewSources => "see sources",
            Self::ViewWriteKeys => "see write keys",
            Self::ChangeSources => "change sources",
            Self::ChangePlans => "change tracking plans",
            Self::ViewEvents => "see events as they were sent",
            Self::ViewCustomers => "see customers",
            Self::ChangeIdentity => "merge and part customers",
            Self::ViewImports => "see imports",
            Self::RunImports => "import files",
            Self::ManageUsers => "manage users",
            Self::ManageTokens => "manage API tokens",
            Self::ViewAudit => "read the audit log",
            Self::ChangeTraits => "change the rules of traits and of identity",
            Self::HandlePrivacy => "handle requests of customers",
            Self::ExportCustomers => "export everything known of a customer",
            Self::EraseCustomers => "erase customers, or say how long events are kept",
            Self::AskSql => "ask in SQL",
            Self::ChangeBoards => "change metrics, boards and alerts",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rights down, roles and then scopes across: `x` may, `.` may not.
    const TABLE: &str = "
        right          admin marketer analyst sales read_only | read write import admin
        ViewHome         x      x       x      x       x      |  x     .      .     x
        ViewSources      x      x       x      x       x      |  x     x      .     x
        ViewWriteKeys    x      x       .      .       .      |  .     x      .     x
        ChangeSources    x      x       .      .       .      |  .     x      .     x
        ChangePlans      x      x       x      .       .      |  .     x      .     x
        ViewEvents       x      x       x      .       x      |  x     .      .     x
        ViewCustomers    x      x       x      x       x      |  x     .      .     x
        ChangeIdentity   x      x       .      x       .      |  .     x      .     x
        ViewImports      x      x       x      x       x      |  x     .      x     x
        RunImports       x      x       x      .       .      |  .     .      x     x
        ManageUsers      x      .       .      .       .      |  .     .      .     x
        ManageTokens     x      .       .      .       .      |  .     .      .     x
        ViewAudit        x      .       .      .       .      |  .     .      .     x
        ChangeTraits     x      .       .      .       .      |  .     .      .     x
        HandlePrivacy    x      x       .      x       .      |  .     x      .     x
        ExportCustomers  x      .       .      .       .      |  .     .      .     x
        EraseCustomers   x      .       .      .       .      |  .     .      .     x
        AskSql           x      .       x      .       .      |  x     .      .     x
        ChangeBoards     x      x       x      .       .      |  .     x      .     x
    ";

    #[test]
    fn rights_are_as_the_table_says() {
        let mut lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
        let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        let (roles, scopes) = (&head[1..6], &head[7..]);
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows.len(), Right::ALL.len(), "the table has a row for every right");
        for (row, right) in rows.iter().zip(Right::ALL) {
            assert_eq!(row[0], format!("{right:?}"));
            for (role, cell) in roles.iter().zip(&row[1..6]) {
                let may = Role::from_slug(role).unwrap().may(right);
                assert_eq!(may, *cell == "x", "{role} {right:?}");
            }
            for (scope, cell) in scopes.iter().zip(&row[7..]) {
                let may = Scope::from_slug(scope).unwrap().may(right);
                assert_eq!(may, *cell == "x", "scope {scope} {right:?}");
            }
        }
    }
}
