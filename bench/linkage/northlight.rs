//! How good is linkage on the mistyped CRM file of the simulated world?

use crate::run::{Case, grade};
use anyhow::Result;
use linkage::{DateNotation, Field, Kind, Schema, SourceIdx, Table};
use std::time::Instant;
use world::{World, WorldSpec};

/// Makes the world, links its CRM records and grades.
pub fn run(customers: u64, seed: u64, verbose: bool) -> Result<()> {
    let fields = [
        ("first name", Kind::GivenName),
        ("last name", Kind::FamilyName),
        ("email", Kind::Email),
        ("phone", Kind::Phone),
        ("street", Kind::Street),
        ("postcode", Kind::Postcode),
        ("city", Kind::Town),
        ("country", Kind::Region),
        ("birthday", Kind::Date),
        ("company", Kind::Organisation),
    ];
    let fields = fields.iter().map(|(name, kind)| Field::new(name, *kind)).collect();
    let mut table = Table::new(Schema::new(fields, DateNotation::default())?);
    let mut persons = Vec::new();
    let world = World::new(WorldSpec {
        seed,
        n_customers: customers,
        ends_at: 1_795_262_400_000_000, // 2026-11-21 12:00 UTC
        months: 18,
    });
    let mut read_s = 0.0;
    for life in world.lives() {
        let started = Instant::now();
        for record in &life.crm {
            let values = [
                record.first_name.as_str(),
                &record.last_name,
                &record.email,
                &record.phone,
                &record.street,
                &record.postcode,
                &record.city,
                &record.country,
                &record.birthday,
                &record.company,
            ];
            table.push(SourceIdx(0), &values)?;
            persons.push(life.truth.index as u32);
        }
        read_s += started.elapsed().as_secs_f64();
    }
    let case = Case {
        name: "northlight".to_owned(),
        table,
        persons,
        sources: Vec::new(),
        unique_sources: Vec::new(),
        read_s,
    };
    grade(&case, verbose)
}
