package io.stepstream.asl.definition;

/** The language of a state's expressions. */
public enum QueryLanguage {
  JSON_PATH("JSONPath"),
  JSONATA("JSONata");

  private final String aslName;

  QueryLanguage(String aslName) {
    this.aslName = aslName;
  }

  /** The name as definitions spell it. */
  public String aslName() {
    return aslName;
  }
}
