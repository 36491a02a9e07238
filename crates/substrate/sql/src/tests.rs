//! Does SQL answer what a plain list says, and nothing that it must not?

mod asking;
mod hostile;
mod timelines;
mod wire;
mod writing;
mod zoned;
