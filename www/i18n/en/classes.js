export default {
  all: "All classes",
  look: "Choose a class to see why it is as likely as it is.",
  help: "Each bar goes on from where the one above it ended. The numbers are this class’s score before all classes’ scores become probabilities: more of it makes the class likelier. This is what the model makes of the values, not what causes the outcome.",
};
