"""JDL, the language of JHipster."""
