package load;

/** What an execution gets: as Stepstream's benchmarks, 512 bytes of JSON. */
public final class Payload {

  /** Its only text. */
  public static final String TEXT = "x".repeat(512 - "{\"text\":\"\"}".length());

  private Payload() {}
}
