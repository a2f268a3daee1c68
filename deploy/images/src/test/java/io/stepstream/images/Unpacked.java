package io.stepstream.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An image's files below a directory.
 *
 * <p>Where they are complete, and root runs the test, they are run as a container's are: below
 * their own root, as the image's user. Elsewhere by the paths that they have here, on this
 * machine's libc.
 */
public record Unpacked(Path root, Tarball image) {

  /** Where an engine mounts secrets. */
  private static final String SECRETS = "/run/secrets/";

  private static final int USER_ID = Integer.parseInt(Application.USER.split(":")[0]);

  private static final String ENTER =
      "mount --bind /dev \"$0/dev\" && mount -t proc proc \"$0/proc\" && exec chroot --userspec="
          + Application.USER
          + " \"$0\" \"$@\"";

  /** Whether it has a libc of its own. */
  boolean isComplete() {
    return "root".equals(System.getProperty("user.name"))
        && Files.exists(root.resolve("usr/lib"))
        && Files.isExecutable(Path.of("/usr/bin/unshare"));
  }

  /** Where a path of the image lies. */
  public Path at(String path) {
    return root.resolve(path.substring(1));
  }

  /** As if a new volume were mounted. */
  void forgetState() throws IOException {
    Path state = at(Application.STATE);
    Stage.delete(state);
    Files.createDirectories(state);
    if (isComplete()) {
      Files.setAttribute(state, "unix:uid", USER_ID);
    }
  }

  /** Puts a file where Compose would mount a secret of this name. */
  public void secret(String name, String content) throws IOException {
    Path file = at(SECRETS + name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** A process as the image says, with these settings besides. */
  public ProcessBuilder run(Map<String, String> settings) throws IOException {
    return run(image.entrypoint(), settings);
  }

  ProcessBuilder run(List<String> command, Map<String, String> settings) throws IOException {
    Map<String, String> environment = new HashMap<>();
    image
        .config()
        .path("Env")
        .forEach(
            variable -> {
              String[] parts = variable.asText().split("=", 2);
              environment.put(parts[0], parts[1]);
            });
    environment.putAll(settings);
    List<String> started = new ArrayList<>();
    if (isComplete()) {
      for (String mounted : List.of("dev", "proc")) {
        Files.createDirectories(root.resolve(mounted));
      }
      started.addAll(List.of("unshare", "--mount", "sh", "-c", ENTER, root.toString()));
      started.addAll(command);
    } else {
      environment.putIfAbsent("STEPSTREAM_STATE_DIR", at(Application.STATE).toString());
      environment.replaceAll(
          (_, value) -> value.startsWith(SECRETS) ? at(value).toString() : value);
      command.forEach(argument -> started.add(here(argument)));
    }
    ProcessBuilder builder = new ProcessBuilder(started).redirectErrorStream(true);
    // unshare and its shell are found by it.
    String path = System.getenv("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path);
    builder.environment().putAll(environment);
    return builder;
  }

  private String here(String argument) {
    return argument
        .replace(Application.RUNTIME + "/", at(Application.RUNTIME) + "/")
        .replace(Application.HOME + "/", at(Application.HOME) + "/");
  }
}
