package io.stepstream.asl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The language is a function of its arguments. A step that is replayed after a crash must decide as
 * it did before, or its effects would differ from those that already left.
 */
class PurityTest {

  private static final String DEADLINE = "io.stepstream.asl.expr.Deadline";

  private static JavaClasses classes;

  @BeforeAll
  static void readClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.stepstream.asl");
  }

  @Test
  void shouldKnowNeitherKafkaNorQuarkus() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "io.quarkus..")
        .check(classes);
  }

  @Test
  void shouldAskNoClock() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(DEADLINE)
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(java.time.OffsetDateTime.class, "now")
        .orShould()
        .callMethod(java.time.ZonedDateTime.class, "now")
        .orShould()
        .callMethod(java.time.LocalDateTime.class, "now")
        .orShould()
        .callMethod(java.time.LocalDate.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.time.Clock.class)
        .check(classes);
  }

  @Test
  void shouldDrawNoRandomNumbers() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(java.util.random.RandomGenerator.class)
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callMethod(Math.class, "random")
        .check(classes);
  }

  @Test
  void shouldUseNoThreads() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.concurrent.Executor.class)
        .check(classes);
  }

  @Test
  void shouldHoldNoStaticState() {
    noFields().that().areStatic().should().notHaveModifier(JavaModifier.FINAL).check(classes);
  }

  @Test
  void shouldKnowTheJsonataLibraryAtOnePlaceOnly() {
    noClasses()
        .that()
        .haveNameNotMatching("io\\.stepstream\\.asl\\.(expr\\.JsonataProgram(\\$.*)?|json\\.Json)")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.dashjoin..")
        .check(classes);
  }
}
