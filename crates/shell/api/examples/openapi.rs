//! Which calls does the API take? Prints its description, as `/api/openapi.json` serves it.

fn main() {
    println!("{}", rapport_api::openapi_json());
}
