//! What a trainer's file says, before a forest is made of it: the trees as they ask, and the columns that they ask of.
//!
//! Most files are finished at once. Of a pipeline's last step the trees are rewritten first, so that they ask of the rows that
//! the pipeline is given (`pipeline.rs`).

use super::source::{self, Frame, SourceTree};
use super::{Imported, Origin, with_covers};
use crate::error::Result;
use crate::model::Model;
use crate::schema::Schema;

/// A model that is not yet made.
pub(super) struct Draft {
    pub(super) trees: Vec<SourceTree>,
    pub(super) frame: Frame,
    pub(super) schema: Schema,
    pub(super) notes: Vec<String>,
    pub(super) origin: Origin,
}

impl Draft {
    /// The model.
    ///
    /// # Errors
    /// As [`source::forest`], and what the schema and the forest do not agree in.
    pub(super) fn imported(self) -> Result<Imported> {
        let Self { trees, frame, schema, notes, origin } = self;
        let (forest, covers) = source::forest(trees, frame)?;
        Ok(Imported { model: with_covers(Model::new(schema, forest)?, covers)?, notes, origin })
    }

    /// The same with names of classes, if it has as many outputs, or one for two of them.
    pub(super) fn with_classes(mut self, classes: Vec<String>) -> Self {
        let outputs = self.frame.base_margins.len();
        if classes.len() < 2 || (classes.len() != outputs && (classes.len(), outputs) != (2, 1)) {
            return self;
        }
        // A name that is empty, or there twice, is none.
        if let Ok(schema) = self.schema.clone().with_classes(classes) {
            self.schema = schema;
        }
        self
    }
}
