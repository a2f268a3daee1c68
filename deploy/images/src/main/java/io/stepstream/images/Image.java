package io.stepstream.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.Ports;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One image, of a stage and a base.
 *
 * <p>What changes seldom lies in the lower layers: the runtime, the libraries, our own jars, the
 * cache of classes. The last one is never the same twice.
 *
 * @param base a reference in a registry, {@code tar://PATH}, {@code docker://NAME} or {@link
 *     #SCRATCH}
 * @param name the image's name, with repository and tag
 * @param version what the labels say
 * @param work where the layers are kept between two builds
 */
record Image(Stage stage, String base, String name, String version, Path work) {

  /** No base: the image has our files only, and can't be run in a container. */
  static final String SCRATCH = "scratch";

  private static final String OURS = "io.stepstream.";
  private static final String TOOL = "stepstream";
  private static final String LABEL = "org.opencontainers.image.";

  /**
   * Writes the image to a file as {@code docker load} reads it.
   *
   * @return its digest
   */
  String save(Path tarball) throws IOException, InterruptedException {
    return build(Containerizer.to(TarImage.at(tarball).named(reference())));
  }

  /**
   * Sends the image to the registry that its name tells, as whoever is logged in by {@code docker
   * login} and the like.
   *
   * @param insecure whether a certificate that isn't known, and even plain HTTP, will do
   * @return its digest
   */
  String push(boolean insecure) throws IOException, InterruptedException {
    ImageReference reference = reference();
    RegistryImage registry =
        RegistryImage.named(reference)
            .addCredentialRetriever(
                CredentialRetrieverFactory.forImage(reference, _ -> {}).dockerConfig());
    return build(Containerizer.to(registry).setAllowInsecureRegistries(insecure));
  }

  private ImageReference reference() throws IOException {
    try {
      return ImageReference.parse(name);
    } catch (InvalidImageReferenceException e) {
      throw new IOException("No name of an image: " + name, e);
    }
  }

  private String build(Containerizer to) throws IOException, InterruptedException {
    Application application = stage.application();
    try {
      JibContainerBuilder builder =
          (base.equals(SCRATCH) ? Jib.fromScratch() : Jib.from(base))
              .setPlatforms(Set.of(new Platform(architecture(), "linux")))
              .setCreationTime(stage.time())
              .setUser(Application.USER)
              .setWorkingDirectory(AbsoluteUnixPath.get(Application.HOME))
              .setEntrypoint(application.entrypoint())
              .setProgramArguments(List.of())
              .setExposedPorts(Ports.parse(List.of(String.valueOf(application.port()))))
              .setEnvironment(
                  Map.of(
                      "JAVA_HOME", Application.RUNTIME,
                      // Names of files are UTF-8.
                      "LANG", "C.UTF-8",
                      // Only the container's network leads here.
                      "QUARKUS_HTTP_HOST", "0.0.0.0"))
              .setLabels(
                  Map.of(
                      LABEL + "title",
                      TOOL + "-" + application.label(),
                      LABEL + "description",
                      application.description(),
                      LABEL + "version",
                      version,
                      LABEL + "base.name",
                      base.startsWith("tar://") ? "local" : base))
              .setFileEntriesLayers(layers());
      if (application.keepsState()) {
        builder.setVolumes(Set.of(AbsoluteUnixPath.get(Application.STATE)));
      }
      JibContainer built =
          builder.containerize(
              to.setToolName(TOOL)
                  .setBaseImageLayersCache(work.resolve("base"))
                  .setApplicationLayersCache(work.resolve("layers")));
      return built.getDigest().toString();
    } catch (InvalidImageReferenceException e) {
      throw new IOException("No name of a base image: " + base, e);
    } catch (RegistryException | CacheDirectoryCreationException | ExecutionException e) {
      throw new IOException(
          "The image %s on %s can't be built: %s".formatted(name, base, e.getMessage()), e);
    }
  }

  private List<FileEntriesLayer> layers() throws IOException {
    String app = Application.APP.substring(1);
    Predicate<String> runtime = path -> path.startsWith(Application.RUNTIME.substring(1));
    Predicate<String> libraries =
        path ->
            path.startsWith(app + "/lib/")
                && !path.substring(path.lastIndexOf('/') + 1).startsWith(OURS);
    Predicate<String> cache = path -> path.equals(Application.CACHE.substring(1));
    return List.of(
        layer("runtime", runtime),
        layer("libraries", libraries),
        layer("application", runtime.or(libraries).or(cache).negate()),
        layer("cache", cache));
  }

  private FileEntriesLayer layer(String layer, Predicate<String> which) throws IOException {
    FileEntriesLayer.Builder builder = FileEntriesLayer.builder().setName(layer);
    try (Stream<Path> files = Files.walk(stage.root())) {
      for (Path file : files.sorted().toList()) {
        String path = stage.root().relativize(file).toString();
        // A directory on the way is the base's, if it is there; what we own we name.
        boolean ours =
            Files.isRegularFile(file)
                || path.startsWith(Application.HOME.substring(1))
                || path.startsWith(Application.STATE.substring(1));
        if (ours && which.test(path)) {
          builder.addEntry(
              file,
              AbsoluteUnixPath.get("/" + path),
              permissions(file),
              stage.time(),
              path.startsWith(Application.STATE.substring(1)) ? Application.USER : "0:0");
        }
      }
    }
    return builder.build();
  }

  private static FilePermissions permissions(Path file) throws IOException {
    boolean executable =
        Files.isDirectory(file)
            || Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE);
    return FilePermissions.fromOctalString(executable ? "755" : "644");
  }

  /** The runtime is for machines like this one. */
  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      case String other -> other;
    };
  }
}
