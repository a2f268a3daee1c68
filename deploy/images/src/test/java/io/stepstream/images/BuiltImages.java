package io.stepstream.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The real images, as {@code -Pimages} has built them, unpacked once for all tests. */
public final class BuiltImages {

  private static final Map<Application, Unpacked> UNPACKED = new HashMap<>();

  private BuiltImages() {}

  /** Files of the coordinator's image, with no state yet. */
  public static synchronized Unpacked coordinator() {
    Unpacked coordinator = unpacked(Application.COORDINATOR);
    try {
      coordinator.forgetState();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return coordinator;
  }

  /** Files of the worker's image. */
  public static synchronized Unpacked worker() {
    return unpacked(Application.WORKER);
  }

  static synchronized Unpacked unpacked(Application application) {
    if (UNPACKED.isEmpty()) {
      try {
        Path output = Path.of(System.getProperty("stepstream.images.built"));
        for (Application each : Application.values()) {
          Path root = output.resolveSibling("unpacked").resolve(each.label());
          Stage.delete(root);
          Tarball image = Tarball.read(output.resolve(each.label() + ".tar"));
          image.unpack(root);
          UNPACKED.put(each, new Unpacked(root, image));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return UNPACKED.get(application);
  }
}
