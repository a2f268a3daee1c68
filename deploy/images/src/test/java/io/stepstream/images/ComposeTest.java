package io.stepstream.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import scala.jdk.javaapi.CollectionConverters;

/** That the Compose file fits the images, the settings and the secrets that there are. */
final class ComposeTest {

  private static final Pattern KEY = Pattern.compile("`((?:stepstream|quarkus)?[.][a-z.-]+)`");

  private ComposeFile compose;

  @BeforeEach
  void read() throws IOException {
    compose = ComposeFile.read();
  }

  @ParameterizedTest
  @ValueSource(strings = {"coordinator-1", "coordinator-2", "worker"})
  void shouldNameSettingsThatThereAre(String service) throws IOException {
    assertThat(variables())
        .hasSizeGreaterThan(40)
        .containsAll(compose.environment(service).keySet());
  }

  /** As the image's start script makes them: KAFKA_ and the key in capitals. */
  @Test
  void shouldNameSettingsOfTheBrokerThatThereAre() {
    Set<String> known = new HashSet<>();
    CollectionConverters.asJava(KafkaConfig.configNames())
        .forEach(key -> known.add("KAFKA_" + key.toUpperCase(Locale.ROOT).replace('.', '_')));

    assertThat(known).containsAll(compose.environment("kafka").keySet());
  }

  @Test
  void shouldTakeTheBrokerThatTheTestsTake() throws IOException {
    String pom = Files.readString(Path.of("../../pom.xml"));

    assertThat(pom)
        .contains("<kafka.version>" + compose.image("kafka").split(":")[1] + "</kafka.version>");
  }

  @Test
  void shouldRunTheImagesThatAreBuilt() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    Matcher version = Pattern.compile("<version>(.*?)</version>").matcher(pom);
    assertThat(version.find()).isTrue();
    Matcher repository = Pattern.compile("<images.repository>(.*?)<").matcher(pom);
    assertThat(repository.find()).isTrue();

    for (Map.Entry<String, Application> ours : ours().entrySet()) {
      assertThat(compose.image(ours.getKey()))
          .isEqualTo(
              "%s/%s:%s".formatted(repository.group(1), ours.getValue().label(), version.group(1)));
    }
  }

  @Test
  void shouldAskTheHealthCheckByWhatIsInTheImages() {
    for (Map.Entry<String, Application> ours : ours().entrySet()) {
      List<String> command =
          ComposeFile.texts(
              ComposeFile.map(compose.service(ours.getKey()).get("healthcheck")).get("test"));

      assertThat(command)
          .startsWith("CMD", Application.RUNTIME + "/bin/java")
          .containsSequence("-cp", Application.PROBE, Probe.class.getName())
          .endsWith(String.valueOf(ours.getValue().port()));
    }
  }

  @Test
  void shouldPublishPortsToThisMachineOnly() {
    Set<String> taken = new HashSet<>();
    for (String service : compose.section("services").keySet()) {
      Object ports = compose.service(service).get("ports");
      if (ports != null) {
        assertThat(ComposeFile.texts(ports))
            .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"))
            .allSatisfy(port -> assertThat(taken.add(port.split(":")[1])).as(port).isTrue());
      }
    }
    assertThat(ComposeFile.texts(compose.service("coordinator-1").get("ports")))
        .containsExactly("127.0.0.1:8333:" + Application.COORDINATOR.port());
  }

  /** A library that RocksDB unpacks can't be loaded from where nothing may be executed. */
  @Test
  void shouldGiveOursNoMoreThanTheyNeed() {
    for (String service : ours().keySet()) {
      assertThat(compose.service(service)).containsEntry("read_only", true);
      assertThat(ComposeFile.texts(compose.service(service).get("cap_drop")))
          .containsExactly("ALL");
      assertThat(ComposeFile.texts(compose.service(service).get("tmpfs")))
          .singleElement()
          .satisfies(tmpfs -> assertThat(tmpfs).startsWith("/tmp:exec"));
      assertThat(compose.service(service)).doesNotContainKeys("user", "privileged");
    }
  }

  @Test
  void shouldKeepTheStateOfEachCoordinatorInAVolumeOfItsOwn() {
    Set<String> volumes = new TreeSet<>();
    for (String service : List.of("coordinator-1", "coordinator-2")) {
      List<String> mounts = ComposeFile.texts(compose.service(service).get("volumes"));
      assertThat(mounts).singleElement().asString().endsWith(":" + Application.STATE);
      volumes.add(mounts.getFirst().split(":")[0]);
      assertThat(compose.environment(service))
          .containsEntry(
              "STEPSTREAM_COORDINATOR_ADDRESS", service + ":" + Application.COORDINATOR.port());
    }

    assertThat(volumes).hasSize(2);
    assertThat(compose.section("volumes")).containsKeys(volumes.toArray(String[]::new));
    assertThat(ComposeFile.texts(compose.service("worker").get("volumes")))
        .containsExactly("./extensions:" + Application.EXTENSIONS + ":ro");
  }

  @Test
  void shouldMountFilesThatAreThere() {
    for (String service : List.of("prometheus", "grafana")) {
      assertThat(ComposeFile.texts(compose.service(service).get("volumes")))
          .allSatisfy(
              mount -> assertThat(ComposeFile.DIRECTORY.resolve(mount.split(":")[0])).exists());
    }
  }

  @Test
  void shouldUseTheSecretsThatTheScriptMakes(@TempDir Path directory) throws Exception {
    assertThat(Secrets.make(directory)).isZero();

    for (String secret : compose.section("secrets").keySet()) {
      assertThat(ComposeFile.map(compose.section("secrets").get(secret)))
          .containsEntry("file", "./secrets/" + secret);
      assertThat(directory.resolve("secrets").resolve(secret)).isNotEmptyFile();
    }
    for (String service : compose.section("services").keySet()) {
      List<String> secrets =
          ComposeFile.texts(compose.service(service).getOrDefault("secrets", List.of()));
      assertThat(compose.section("secrets").keySet()).containsAll(secrets);
      for (String value : compose.environment(service).values()) {
        if (value.startsWith("/run/secrets/")) {
          assertThat(secrets).contains(value.substring("/run/secrets/".length()));
        }
      }
    }
    assertThat(Files.getPosixFilePermissions(directory.resolve("secrets"))).hasSize(3);
  }

  @Test
  void shouldMakeOtherSecretsEachTimeAndReplaceNone(@TempDir Path one, @TempDir Path other)
      throws Exception {
    assertThat(Secrets.make(one)).isZero();
    assertThat(Secrets.make(other)).isZero();
    Map<String, String> made = contents(one);

    assertThat(contents(other)).hasSameSizeAs(made);
    contents(other)
        .forEach(
            (name, content) -> {
              if (!name.equals("policies")) {
                assertThat(content).as(name).isNotEqualTo(made.get(name));
              }
            });
    assertThat(Secrets.make(one)).isEqualTo(1);
    assertThat(contents(one)).isEqualTo(made);
  }

  private static Map<String, Application> ours() {
    return Map.of(
        "coordinator-1", Application.COORDINATOR,
        "coordinator-2", Application.COORDINATOR,
        "worker", Application.WORKER);
  }

  /** By the names of environment variables, what the documentation lists. */
  private static Set<String> variables() throws IOException {
    Set<String> variables = new TreeSet<>();
    String before = "";
    Matcher key = KEY.matcher(Files.readString(Path.of("../../docs/configuration.md")));
    while (key.find()) {
      String name = key.group(1);
      if (name.startsWith(".")) {
        // "a.b-file, .c-file": the beginning is the one of the key before.
        name = before.substring(0, before.lastIndexOf('.')) + name;
      }
      before = name;
      variables.add(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
    }
    return variables;
  }

  private static Map<String, String> contents(Path directory) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (var files = Files.list(directory.resolve("secrets"))) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return contents;
  }
}
