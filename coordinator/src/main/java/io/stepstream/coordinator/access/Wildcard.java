package io.stepstream.coordinator.access;

/**
 * A pattern as IAM has them: {@code *} stands for any characters, {@code ?} for one. Matching takes
 * time in the product of the lengths at worst, whatever the text: regular expressions promise less.
 *
 * @param ignoreCase as IAM does in the names of actions
 */
record Wildcard(String pattern, boolean ignoreCase) {

  boolean matches(String text) {
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < text.length()) {
      if (at < pattern.length() && pattern.charAt(at) == '*') {
        star = at++;
        resume = in;
      } else if (at < pattern.length()
          && (pattern.charAt(at) == '?' || same(pattern.charAt(at), text.charAt(in)))) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < pattern.length() && pattern.charAt(at) == '*') {
      at++;
    }
    return at == pattern.length();
  }

  private boolean same(char a, char b) {
    return a == b || ignoreCase && Character.toLowerCase(a) == Character.toLowerCase(b);
  }
}
