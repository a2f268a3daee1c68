package io.stepstream.asl.source;

/** The notation of a definition. */
public enum Format {
  JSON,
  YAML;

  /** YAML for {@code .yaml} and {@code .yml}, JSON for every other name. */
  public static Format ofFileName(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml") ? YAML : JSON;
  }
}
