//! How much of anything is too much?
//!
//! One place for every bound, so that an operator can read them and a test can shrink them.

/// The bounds of the house. `Limits::default()` is what a fresh installation runs with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one request body as sent, compressed or not.
    pub body_bytes_max: usize,
    /// Bytes of one request body once decompressed; a bomb is stopped here.
    pub body_bytes_inflated_max: usize,
    /// Bytes of one event as JSON.
    pub event_bytes_max: usize,
    /// Bytes of one batch as JSON on Segment paths.
    pub segment_batch_bytes_max: usize,
    /// Events in one batch.
    pub events_per_batch_max: usize,
    /// Depth of nested objects and arrays in an event.
    pub json_depth_max: usize,
    /// Properties (or traits) of one event, counted on the top level.
    pub properties_per_event_max: usize,
    /// Characters of a message id.
    pub message_id_chars_max: usize,
    /// Characters of an identifier's value.
    pub identifier_chars_max: usize,
    /// Characters of an event's name.
    pub event_name_chars_max: usize,
    /// Traits kept per customer; the oldest by last change give way.
    pub traits_per_customer_max: usize,
    /// Values of one trait kept per identifier, each with its source, first and last event; those
    /// said longest ago give way and are counted. The latest of each source stays in any case.
    pub values_per_trait_max: usize,
    /// Bytes, as JSON, of a value that is kept after the same source said another one.
    pub past_value_bytes_max: usize,
    /// Answers kept per identifier, purpose and channel of consent; the oldest give way and are
    /// counted. The latest withdrawal stays in any case.
    pub answers_per_consent_max: usize,
    /// Orders kept one by one per customer; older ones are kept as sums.
    pub orders_per_customer_max: usize,
    /// Products held that are kept one by one per customer.
    pub holdings_per_customer_max: usize,
    /// Messages kept one by one per customer.
    pub messages_per_customer_max: usize,
    /// Hours during which a message id is remembered.
    pub dedupe_window_hours: u32,
    /// Rows of one page of any list.
    pub page_rows_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes_max: 20 << 20,
            body_bytes_inflated_max: 64 << 20,
            event_bytes_max: 32 << 10,
            segment_batch_bytes_max: 500 << 10,
            events_per_batch_max: 2_500,
            json_depth_max: 64,
            properties_per_event_max: 10_000,
            message_id_chars_max: 100,
            identifier_chars_max: 512,
            event_name_chars_max: 256,
            traits_per_customer_max: 300,
            values_per_trait_max: 10,
            past_value_bytes_max: 128,
            answers_per_consent_max: 16,
            orders_per_customer_max: 256,
            holdings_per_customer_max: 512,
            messages_per_customer_max: 256,
            dedupe_window_hours: 72,
            page_rows_max: 500,
        }
    }
}
