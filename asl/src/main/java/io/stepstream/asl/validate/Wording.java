package io.stepstream.asl.validate;

import io.stepstream.asl.definition.QueryLanguage;
import java.util.Collection;

/** Sentences of AWS's diagnostics. Clients compare them, so they are spelled in one place. */
public final class Wording {

  public static final String EMPTY = "Value cannot be empty";
  public static final String NOT_AN_ARN = "Value is not a valid resource ARN";
  public static final String NOT_A_TIMESTAMP = "String does not match RFC3339 timestamp";
  public static final String NOT_A_REFERENCE_PATH = "Value is not a Reference Path";
  public static final String HALF_JSONATA = "JSONata string must start with {% and end with %}";

  private Wording() {}

  public static String notSupported(String field) {
    return "Field '" + field + "' is not supported";
  }

  /**
   * @param language the language in force, which isn't the field's
   */
  public static String wrongLanguage(String field, QueryLanguage language) {
    QueryLanguage other =
        language == QueryLanguage.JSONATA ? QueryLanguage.JSON_PATH : QueryLanguage.JSONATA;
    return "The QueryLanguage is set to '%s', but field '%s' is only supported for the '%s' QueryLanguage"
        .formatted(language.aslName(), field, other.aslName());
  }

  public static String required(Collection<String> fields) {
    return "These fields are required: " + list(fields);
  }

  public static String requiredField(String field) {
    return "The field '" + field + "' is required but was missing";
  }

  /** One of these is needed and there is none. */
  public static String oneOf(Collection<String> fields) {
    return "This object should have only one of the following fields: " + list(fields);
  }

  /** There are several of which one is allowed. */
  public static String onlyOneOf(Collection<String> fields) {
    return "There should only be one of the following fields: " + list(fields);
  }

  public static String valueOneOf(Collection<String> values) {
    return "Value should be one of the following: " + list(values);
  }

  public static String expected(String type) {
    return "Expected value of type " + type;
  }

  public static String minimum(Object least) {
    return "Minimum value is " + least;
  }

  public static String maximum(Object most) {
    return "Maximum value is " + most;
  }

  private static String list(Collection<String> names) {
    return "[" + String.join(", ", names) + "]";
  }
}
