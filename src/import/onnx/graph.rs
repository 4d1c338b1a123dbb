//! The graph around a tree ensemble: who makes which value.

use std::collections::HashMap;

use super::messages::{Graph, Operator, Port, Tensor, element};
use crate::error::{Error, Result, invalid, quoted, unsupported};

/// The graph's values by their names.
pub(super) struct Values<'g, 'a> {
    pub(super) graph: &'g Graph<'a>,
    makers: HashMap<&'a str, Maker<'g, 'a>>,
}

/// What makes a value.
#[derive(Clone, Copy)]
pub(super) enum Maker<'g, 'a> {
    /// It comes in: the graph's input of this index.
    Input(usize),
    Constant(&'g Tensor<'a>),
    /// An operator makes it, as its output of this index.
    Operator(&'g Operator<'a>, usize),
}

/// What a tree ensemble's operator answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `TreeEnsembleClassifier`: the label first, then scores.
    Classifier,
    /// `TreeEnsembleRegressor`.
    Regressor,
    /// `TreeEnsemble`, of ai.onnx.ml 5.
    Ensemble,
}

impl Kind {
    fn of(operator: &Operator<'_>) -> Option<Self> {
        [
            ("TreeEnsembleClassifier", Self::Classifier),
            ("TreeEnsembleRegressor", Self::Regressor),
            ("TreeEnsemble", Self::Ensemble),
        ]
        .into_iter()
        .find_map(|(name, kind)| operator.is_learned(name).then_some(kind))
    }

    /// Which of the operator's outputs the scores are.
    pub(super) fn scores(self) -> usize {
        usize::from(self == Self::Classifier)
    }
}

impl<'g, 'a> Values<'g, 'a> {
    /// Those of a graph.
    pub(super) fn new(graph: &'g Graph<'a>) -> Result<Self> {
        let mut makers = HashMap::new();
        let mut add = |name: &'a str, maker| match makers.insert(name, maker) {
            None => Ok(()),
            Some(_) => Err(invalid(format_args!("two of the graph's values are called {}", quoted(name)))),
        };
        for constant in &graph.constants {
            add(constant.name, Maker::Constant(constant))?;
        }
        for operator in &graph.operators {
            for (index, name) in operator.outputs.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                add(name, Maker::Operator(operator, index))?;
            }
        }
        for (index, input) in graph.inputs.iter().enumerate() {
            // Before version 4 of the format constants are inputs too: their values by default.
            if !matches!(makers.get(input.name), Some(Maker::Constant(_))) {
                match makers.insert(input.name, Maker::Input(index)) {
                    None => {}
                    Some(_) => {
                        return Err(invalid(format_args!(
                            "two of the graph's values are called {}",
                            quoted(input.name)
                        )));
                    }
                }
            }
        }
        Ok(Self { graph, makers })
    }

    /// What makes the value of this name.
    pub(super) fn maker(&self, name: &str) -> Result<Maker<'g, 'a>> {
        self.makers.get(name).copied().ok_or_else(|| invalid(format_args!("nothing makes the value {}", quoted(name))))
    }

    /// The inputs that are asked of whoever uses the model, with their indexes.
    pub(super) fn inputs(&self) -> impl Iterator<Item = (usize, &'g Port<'a>)> {
        let asked = |&(index, input): &(usize, &Port<'_>)| matches!(self.makers.get(input.name), Some(Maker::Input(own)) if *own == index);
        self.graph.inputs.iter().enumerate().filter(asked)
    }

    /// The one tree ensemble of the graph.
    pub(super) fn ensemble(&self) -> Result<(&'g Operator<'a>, Kind)> {
        let mut ensembles =
            self.graph.operators.iter().filter_map(|operator| Kind::of(operator).map(|kind| (operator, kind)));
        match (ensembles.next(), ensembles.count()) {
            (Some(one), 0) => Ok(one),
            (Some(_), more) => {
                Err(unsupported(format_args!("the graph has {} tree ensembles; models of one are supported", more + 1)))
            }
            (None, _) => {
                let mut kinds: Vec<&str> = Vec::new();
                for operator in &self.graph.operators {
                    if kinds.len() < 5 && !kinds.contains(&operator.kind) {
                        kinds.push(operator.kind);
                    }
                }
                let kinds: Vec<String> = kinds.into_iter().map(quoted).collect();
                Err(unsupported(format_args!(
                    "the graph has no tree ensemble, of which the trees are read here; its operators are {}",
                    if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") }
                )))
            }
        }
    }

    /// The tensor of a constant of this name; `None` if it is none.
    pub(super) fn constant(&self, name: &str) -> Result<Option<Tensor<'a>>> {
        match self.maker(name)? {
            Maker::Constant(tensor) => Ok(Some(*tensor)),
            Maker::Operator(operator, _) if operator.domain.is_empty() && operator.kind == "Constant" => {
                operator.tensor("value")
            }
            _ => Ok(None),
        }
    }

    /// The whole numbers of a constant.
    pub(super) fn wholes(&self, name: &str) -> Result<Vec<i64>> {
        match self.constant(name)? {
            Some(tensor) => tensor.wholes(),
            None => Err(unsupported(format_args!("the value {} is no constant", quoted(name)))),
        }
    }
}

/// The error for an operator that is not evaluated, where it stands between other things and the trees.
pub(super) fn not_evaluated(operator: &Operator<'_>, place: &str) -> Error {
    let domain = if operator.domain.is_empty() { String::new() } else { format!(" of {}", quoted(operator.domain)) };
    unsupported(format_args!("the operator {}{domain}, {place}, is not evaluated", quoted(operator.kind)))
}

/// What a `Cast` makes: floats of 32 or 64 bits.
pub(super) fn cast_to(operator: &Operator<'_>, place: &str) -> Result<i64> {
    match operator.whole("to")? {
        Some(to @ (element::SINGLE | element::DOUBLE)) => Ok(to),
        to => Err(unsupported(format_args!("a Cast to {}, {place}, is not evaluated", element::name(to.unwrap_or(0))))),
    }
}
