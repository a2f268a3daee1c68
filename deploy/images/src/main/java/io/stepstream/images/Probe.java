package io.stepstream.images;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/**
 * Ends with 0 if the process in the same container is ready, and with 1 if not. The images have no
 * shell and no curl; Kubernetes asks by HTTP itself and doesn't need this.
 *
 * <p>It needs nothing but the JDK, and of that little, since it starts every few seconds.
 */
final class Probe {

  private static final int MILLIS = 2_000;

  private Probe() {}

  /**
   * @param args the port
   */
  static void main(String[] args) {
    System.exit(isReady(Integer.parseInt(args[0])) ? 0 : 1);
  }

  private static boolean isReady(int port) {
    try {
      URI uri = URI.create("http://127.0.0.1:" + port + "/q/health/ready");
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(MILLIS);
      connection.setReadTimeout(MILLIS);
      return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return false;
    }
  }
}
