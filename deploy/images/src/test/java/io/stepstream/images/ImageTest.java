package io.stepstream.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Images of an application that is none: what is packed how. {@code ImagesIT} runs the real ones.
 */
final class ImageTest {

  private static final Instant TIME = Instant.parse("2026-01-31T08:00:00Z");

  @TempDir private Path directory;
  private Path runtime;
  private Path app;

  @BeforeEach
  void makeAnApplication() throws IOException {
    runtime = directory.resolve("runtime");
    Path java = file(runtime, "bin/java", "java");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    file(runtime, "lib/modules", "modules");
    app = directory.resolve("app");
    file(app, "quarkus-run.jar", "run");
    file(app, "quarkus/generated-bytecode.jar", "generated");
    file(app, "lib/main/org.example.library-1.0.jar", "library");
    file(app, "lib/main/io.stepstream.stepstream-worker-1.jar", "ours");
  }

  @Test
  void shouldPackWhatChangesSeldomBelowWhatChangesOften() throws Exception {
    Tarball tarball = build(stage(Application.COORDINATOR, "cached"), Image.SCRATCH, "a.tar");

    assertThat(tarball.layers()).hasSize(4);
    assertThat(files(tarball, 0)).containsExactly("/opt/java/bin/java", "/opt/java/lib/modules");
    assertThat(files(tarball, 1))
        .containsExactly("/opt/stepstream/app/lib/main/org.example.library-1.0.jar");
    assertThat(files(tarball, 2))
        .containsExactlyInAnyOrder(
            "/opt/stepstream/app/lib/main/io.stepstream.stepstream-worker-1.jar",
            "/opt/stepstream/app/quarkus-run.jar",
            "/opt/stepstream/app/quarkus/generated-bytecode.jar",
            "/opt/stepstream/probe.jar");
    assertThat(files(tarball, 3)).containsExactly("/opt/stepstream/app/app.aot");
  }

  @Test
  void shouldRunAsNobodyWhoOwnsNothingButItsState() throws Exception {
    Tarball tarball = build(stage(Application.COORDINATOR, "cached"), Image.SCRATCH, "a.tar");

    assertThat(tarball.config().path("User").asText()).isEqualTo("10001:10001");
    for (String layer : tarball.layers()) {
      assertThat(tarball.entries(layer))
          .filteredOn(entry -> !entry.path().equals(Application.STATE))
          .allSatisfy(entry -> assertThat(entry.owner()).isEqualTo("0:0"))
          .allSatisfy(entry -> assertThat(entry.mode()).isIn("644", "755"));
    }
    assertThat(tarball.entries(tarball.layers().get(2)))
        .filteredOn(entry -> entry.path().equals(Application.STATE))
        .singleElement()
        .satisfies(entry -> assertThat(entry.owner()).isEqualTo("10001:10001"));
    assertThat(tarball.paths(tarball.layers().get(2))).contains(Application.EXTENSIONS);
    assertThat(tarball.entries(tarball.layers().getFirst()))
        .filteredOn(entry -> entry.path().endsWith("/java"))
        .filteredOn(entry -> entry.size() > 0)
        .singleElement()
        .satisfies(entry -> assertThat(entry.mode()).isEqualTo("755"));
  }

  @Test
  void shouldSayHowItIsRunAndWhatItIs() throws Exception {
    Tarball tarball = build(stage(Application.COORDINATOR, "cached"), Image.SCRATCH, "a.tar");

    assertThat(tarball.names()).containsExactly("example/coordinator:1");
    assertThat(tarball.entrypoint())
        .startsWith("/opt/java/bin/java")
        .contains("-XX:AOTCache=/opt/stepstream/app/app.aot")
        .endsWith(
            "-cp",
            "/opt/stepstream/app/quarkus-run.jar:/opt/stepstream/probe.jar:/opt/stepstream/extensions/*",
            "io.quarkus.bootstrap.runner.AotQuarkusEntryPoint");
    assertThat(tarball.config().path("ExposedPorts").fieldNames())
        .toIterable()
        .containsExactly("8333/tcp");
    assertThat(tarball.config().path("Volumes").fieldNames())
        .toIterable()
        .containsExactly("/var/lib/stepstream/state");
    assertThat(tarball.config().path("Env"))
        .map(variable -> variable.asText())
        .containsExactlyInAnyOrder(
            "JAVA_HOME=/opt/java", "LANG=C.UTF-8", "QUARKUS_HTTP_HOST=0.0.0.0");
    assertThat(tarball.config().path("Labels").path("org.opencontainers.image.title").asText())
        .isEqualTo("stepstream-coordinator");
    assertThat(tarball.config().path("Labels").path("org.opencontainers.image.version").asText())
        .isEqualTo("1");
    assertThat(tarball.image().path("os").asText()).isEqualTo("linux");
    assertThat(tarball.image().path("created").asText()).isEqualTo(TIME.toString());
  }

  @Test
  void shouldPackAWorkerWithoutStateAtItsOwnPort() throws Exception {
    Tarball tarball = build(stage(Application.WORKER, "cached"), Image.SCRATCH, "a.tar");

    assertThat(tarball.config().path("ExposedPorts").fieldNames())
        .toIterable()
        .containsExactly("8334/tcp");
    assertThat(tarball.config().path("Volumes")).isEmpty();
    assertThat(tarball.paths(tarball.layers().get(2))).doesNotContain(Application.STATE);
  }

  @Test
  void shouldBeTheSameWheneverItIsBuiltOfTheSame() throws Exception {
    Image first = image(stage(Application.WORKER, "cached"), Image.SCRATCH, "first");
    String digest = first.save(directory.resolve("first.tar"));
    Files.setLastModifiedTime(
        app.resolve("quarkus-run.jar"), FileTime.from(Instant.parse("2026-02-01T00:00:00Z")));
    Image second = image(stage(Application.WORKER, "cached"), Image.SCRATCH, "second");

    assertThat(second.save(directory.resolve("second.tar"))).isEqualTo(digest);
  }

  @Test
  void shouldLeaveAllLayersButTheLastAsTheyWereWhenOnlyTheCacheIsAnother() throws Exception {
    List<String> before =
        build(stage(Application.WORKER, "cached"), Image.SCRATCH, "a.tar").layers();
    List<String> after =
        build(stage(Application.WORKER, "otherwise"), Image.SCRATCH, "b.tar").layers();

    assertThat(after.subList(0, 3)).isEqualTo(before.subList(0, 3));
    assertThat(after.getLast()).isNotEqualTo(before.getLast());
  }

  @Test
  void shouldLieOnTheBaseThatItIsGiven() throws Exception {
    Path base = directory.resolve("base.tar");
    image(stage(Application.WORKER, "base"), Image.SCRATCH, "base").save(base);

    Tarball tarball = build(stage(Application.WORKER, "cached"), "tar://" + base, "a.tar");

    assertThat(tarball.layers()).hasSize(8);
    assertThat(tarball.config().path("Labels").path("org.opencontainers.image.base.name").asText())
        .isEqualTo("local");
  }

  @Test
  void shouldSayWhichBaseIsMissing() throws Exception {
    Image image =
        image(stage(Application.WORKER, "c"), "tar://" + directory.resolve("none.tar"), "a");

    assertThatThrownBy(() -> image.save(directory.resolve("a.tar")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.tar");
  }

  @Test
  void shouldRefuseAnApplicationThatIsNotBuilt() {
    assertThatThrownBy(
            () ->
                Stage.lay(
                    directory.resolve("stage"),
                    Application.WORKER,
                    runtime,
                    directory.resolve("nothing"),
                    TIME))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("mvn package");
  }

  @Test
  void shouldSendTheSameImageToARegistry() throws Exception {
    try (Registry registry = new Registry(directory)) {
      Stage stage = stage(Application.WORKER, "cached");
      String name = registry.host() + "/example/worker:1";
      Image image = new Image(stage, Image.SCRATCH, name, "1", directory.resolve("work"));

      String pushed = image.push(true);

      assertThat(pushed).isEqualTo(image.save(directory.resolve("a.tar")));
      assertThat(Registry.digest(registry.manifests.get("1"))).isEqualTo(pushed);
      // The configuration and four layers, each named by the manifest.
      assertThat(registry.blobs).hasSize(5);
      assertThat(registry.blobs.keySet())
          .allSatisfy(blob -> assertThat(registry.manifest("1")).contains(blob));
    }
  }

  private Stage stage(Application application, String cache) throws IOException {
    Stage stage =
        Stage.lay(
            directory.resolve("stage-" + application.label()), application, runtime, app, TIME);
    Files.writeString(stage.at(Application.CACHE), cache);
    stage.fixTimes();
    return stage;
  }

  private Image image(Stage stage, String base, String work) {
    return new Image(
        stage,
        base,
        "example/" + stage.application().label() + ":1",
        "1",
        directory.resolve("work").resolve(work));
  }

  private Tarball build(Stage stage, String base, String name) throws Exception {
    Path tarball = directory.resolve(name);
    image(stage, base, name).save(tarball);
    return Tarball.read(tarball);
  }

  private static List<String> files(Tarball tarball, int layer) throws IOException {
    return tarball.entries(tarball.layers().get(layer)).stream()
        .filter(entry -> entry.size() > 0)
        .map(Tarball.Entry::path)
        .toList();
  }

  private static Path file(Path directory, String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
