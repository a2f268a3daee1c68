package io.stepstream.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The build's program: makes {@code NAME.tar} and {@code NAME.digest} of both applications. */
@Command(name = "images", description = "Builds the container images.")
final class ImageBuild implements Callable<Integer> {

  @Option(
      names = "--root",
      required = true,
      description = "The repository, whose modules are built.")
  private Path root;

  @Option(names = "--output", required = true, description = "Where the images are put.")
  private Path output;

  @Option(
      names = "--base",
      required = true,
      description = "NAME, tar://PATH, docker://NAME, scratch")
  private String base;

  @Option(names = "--repository", required = true, description = "What is before the names.")
  private String repository;

  @Option(names = "--tag", required = true)
  private String tag;

  @Option(names = "--time", required = true, description = "The time of all files.")
  private Instant time;

  @Option(names = "--push", arity = "1", description = "Whether they are sent to the registry too.")
  private boolean push;

  static void main(String[] args) {
    System.exit(new CommandLine(new ImageBuild()).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    for (Stage stage : stages(root, output, time)) {
      Application application = stage.application();
      Image image =
          new Image(
              stage,
              base,
              repository + "/" + application.label() + ":" + tag,
              tag,
              output.resolve("jib"));
      String digest = image.save(output.resolve(application.label() + ".tar"));
      Files.writeString(output.resolve(application.label() + ".digest"), digest + "\n");
      System.out.println(image.name() + " " + digest);
      if (push) {
        image.push(false);
      }
    }
    return 0;
  }

  /**
   * Links a runtime, lays out both images and has their caches written.
   *
   * @param output where the stages are put
   */
  static List<Stage> stages(Path root, Path output, Instant time)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    Files.createDirectories(output);
    Path runtime = output.resolve("runtime");
    // Another JDK may have been installed since.
    Stage.delete(runtime);
    JavaRuntime.link(runtime);
    List<Stage> stages = new ArrayList<>();
    for (Application application : Application.values()) {
      stages.add(
          Stage.lay(
              output.resolve("stage").resolve(application.label()),
              application,
              runtime,
              root.resolve(application.directory()),
              time));
    }
    StartupCaches.write(
        stages.get(Application.COORDINATOR.ordinal()),
        stages.get(Application.WORKER.ordinal()),
        output.resolve("training"));
    System.out.printf(
        "runtime and caches took %d s%n", Duration.ofNanos(System.nanoTime() - begun).toSeconds());
    return stages;
  }
}
