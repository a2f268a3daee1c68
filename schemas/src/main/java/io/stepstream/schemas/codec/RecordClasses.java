package io.stepstream.schemas.codec;

import io.stepstream.schemas.Stepstream;
import io.stepstream.schemas.TaskSucceeded;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * Since 1.12.2 Avro instantiates no class which the application hasn't declared to be trusted, not
 * even a generated one.
 */
public final class RecordClasses {

  private RecordClasses() {}

  /**
   * Adds exactly the generated records and enums of this module to the classes that Avro trusts.
   * The codecs do it by themselves. Who uses builders before the first codec must call it first: a
   * builder that copies a record or fills in an enum's default throws a {@link SecurityException}
   * otherwise.
   *
   * <p>Idempotent. The list is one per JVM, so it is extended and never replaced; it holds names
   * rather than classes in order not to keep a class loader alive.
   */
  public static synchronized void trust() {
    ClassSecurityValidator.ClassSecurityPredicate present = ClassSecurityValidator.getGlobal();
    if (present.isTrusted(TaskSucceeded.class)) {
      return;
    }
    ClassSecurityValidator.Builder ours = ClassSecurityValidator.builder();
    for (Schema schema : Stepstream.PROTOCOL.getTypes()) {
      ours.add(schema.getFullName());
    }
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(present, ours.build()));
  }
}
