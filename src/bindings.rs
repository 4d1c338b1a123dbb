//! JavaScript: one room a module. The only places that name `wasm_bindgen` and `js_sys`, but for the two modules of [`crate::sealed`].

#[cfg(feature = "convert")]
pub mod convert;
#[cfg(feature = "explainer")]
pub mod explain;
#[cfg(feature = "given")]
mod given;
#[cfg(feature = "lines")]
pub mod lines;
#[cfg(feature = "measurer")]
pub mod measure;
#[cfg(feature = "memory")]
pub(crate) mod memory;
#[cfg(feature = "wasm")]
pub mod predict;
#[cfg(feature = "reader")]
pub mod rows;
#[cfg(feature = "sealer")]
pub mod seal;
#[cfg(feature = "sheets")]
pub mod sheets;
#[cfg(feature = "sealer")]
pub mod studio;
#[cfg(feature = "texts")]
pub mod texts;
#[cfg(feature = "told")]
mod told;
#[cfg(feature = "trainer")]
pub mod train;
