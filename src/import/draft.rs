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
    pub(super) fn with_classes(mut self, labels: Labels) -> Self {
        let (count, outputs) = (labels.names.len(), self.frame.base_margins.len());
        if count < 2 || (count != outputs && (count, outputs) != (2, 1)) {
            return self;
        }
        // A name that is empty, or there twice, is none.
        if let Ok(schema) = labels.name(self.schema.clone()) {
            self.schema = schema;
        }
        self
    }
}

/// What a classifier calls its classes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Labels {
    pub(super) names: Vec<String>,
    /// Of "0" and "1" a name does not tell.
    pub(super) are_texts: bool,
}

impl Labels {
    /// The schema with these classes.
    ///
    /// # Errors
    /// As [`Schema::with_classes`].
    pub(super) fn name(self, schema: Schema) -> Result<Schema> {
        let schema = schema.with_classes(self.names)?;
        Ok(if self.are_texts { schema.with_classes_as_texts() } else { schema })
    }
}
