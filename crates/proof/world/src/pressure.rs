//! How much do messages weigh on a customer today?
//!
//! Each kind of message leaves a level on the logarithm of the order rate: the
//! customer's effect when it is met, less every day. A newer message of a kind
//! replaces the older one. The levels add up, within −2 and 2.5.

use crate::campaign::MailKind;
use crate::nature::Effects;

/// What is left of an effect after one day (a half-life of 2.1 days).
pub const DAILY_REMAINDER: f64 = 0.72;
/// The share of an e-mail's effect that it has without being opened.
pub const UNOPENED_SHARE: f64 = 0.15;

/// The remaining effects of messages: four kinds of e-mail, and banners.
#[derive(Default)]
pub(crate) struct Pressure([f64; 5]);

impl Pressure {
    pub(crate) fn mail_delivered(&mut self, kind: MailKind, effects: &Effects) {
        if let Some((slot, effect)) = effect_of(kind, effects) {
            let unopened = UNOPENED_SHARE * effect;
            if unopened.abs() > self.0[slot].abs() {
                self.0[slot] = unopened;
            }
        }
    }

    pub(crate) fn mail_opened(&mut self, kind: MailKind, effects: &Effects) {
        if let Some((slot, effect)) = effect_of(kind, effects) {
            self.0[slot] = effect;
        }
    }

    pub(crate) fn banner_seen(&mut self, effects: &Effects) {
        self.0[4] = effects.retargeting;
    }

    /// The remaining effect of offers: who has one uses its coupon.
    pub(crate) fn offer(&self) -> f64 {
        self.0[1]
    }

    /// What all of it adds to the logarithm of the order rate.
    pub(crate) fn total(&self) -> f64 {
        self.0.iter().sum::<f64>().clamp(-2.0, 2.5)
    }

    pub(crate) fn pass_day(&mut self) {
        self.0.iter_mut().for_each(|level| *level *= DAILY_REMAINDER);
    }
}

fn effect_of(kind: MailKind, effects: &Effects) -> Option<(usize, f64)> {
    match kind {
        MailKind::Newsletter => Some((0, effects.newsletter)),
        MailKind::Offer => Some((1, effects.offer)),
        MailKind::AbandonedCart => Some((2, effects.abandoned_cart)),
        MailKind::WinBack => Some((3, effects.win_back)),
        MailKind::Welcome | MailKind::OrderConfirmation => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_replace_add_and_fade() {
        let effects = Effects {
            newsletter: 0.4,
            offer: 1.0,
            abandoned_cart: 0.0,
            win_back: 0.0,
            retargeting: -0.2,
        };
        let mut pressure = Pressure::default();
        pressure.mail_opened(MailKind::Offer, &effects);
        pressure.mail_opened(MailKind::Offer, &effects);
        pressure.mail_delivered(MailKind::Newsletter, &effects);
        pressure.banner_seen(&effects);
        assert!((pressure.total() - (1.0 + 0.4 * UNOPENED_SHARE - 0.2)).abs() < 1e-12);
        let before = pressure.total();
        pressure.pass_day();
        assert!((pressure.total() - before * DAILY_REMAINDER).abs() < 1e-12);
    }
}
