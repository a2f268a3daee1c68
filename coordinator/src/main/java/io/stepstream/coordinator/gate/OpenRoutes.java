package io.stepstream.coordinator.gate;

/**
 * What is answered without credentials: the health checks, which orchestrators can't sign, the
 * console's files, which hold nothing but the program, and the login itself.
 */
final class OpenRoutes {

  private OpenRoutes() {}

  static boolean contains(String method, String path) {
    return switch (method) {
      case "GET" -> isOpenToRead(path) || LoginRoutes.PATHS.contains(path);
      case "HEAD" -> isOpenToRead(path);
      case "POST", "DELETE" -> path.equals(SessionRoutes.PATH);
      default -> false;
    };
  }

  private static boolean isOpenToRead(String path) {
    return path.equals("/q/health")
        || path.startsWith("/q/health/")
        || path.equals("/console")
        || path.startsWith("/console/");
  }
}
