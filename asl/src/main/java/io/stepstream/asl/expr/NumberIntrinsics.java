package io.stepstream.asl.expr;

import io.stepstream.asl.expr.Intrinsic.Result;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The intrinsic functions on numbers, and the random ones. */
final class NumberIntrinsics {

  private NumberIntrinsics() {}

  /**
   * The integer next to a number, halves up as AWS rounds ({@code -0.5} becomes 0). Null: not a
   * number, or too large.
   */
  static @Nullable Long rounded(Object json) {
    return switch (json) {
      case Integer integer -> integer.longValue();
      case Long integer -> integer;
      case Double number when Math.abs(number) < 9e18 -> Math.round(number);
      case BigDecimal number when number.abs().compareTo(BigDecimal.valueOf(9e18)) < 0 ->
          Math.round(number.doubleValue());
      default -> null;
    };
  }

  /** The narrowest type that Jackson would have decoded, so that equal trees have equal types. */
  static Number integer(long value) {
    int narrow = (int) value;
    if (narrow == value) {
      return narrow;
    }
    return value;
  }

  static Result add(List<Object> arguments, Entropy entropy) {
    Long a = rounded(arguments.get(0));
    Long b = rounded(arguments.get(1));
    if (a == null || b == null) {
      return new Result.Refused("States.MathAdd requires numbers");
    }
    BigInteger sum = BigInteger.valueOf(a).add(BigInteger.valueOf(b));
    return sum.bitLength() < 64
        ? new Result.Value(integer(sum.longValue()))
        : new Result.Refused("The result of States.MathAdd is out of range");
  }

  static Result random(List<Object> arguments, Entropy entropy) {
    Long start = rounded(arguments.get(0));
    Long end = rounded(arguments.get(1));
    Long seed = arguments.size() == 3 ? rounded(arguments.get(2)) : Long.valueOf(0);
    if (start == null || end == null || seed == null) {
      return new Result.Refused("States.MathRandom requires numbers");
    }
    if (end <= start || end - start < 0) {
      return new Result.Refused(
          "The start number of States.MathRandom must be less than its end number");
    }
    long bits = arguments.size() == 3 ? mix(seed) : entropy.nextLong();
    return new Result.Value(integer(start + Long.remainderUnsigned(bits, end - start)));
  }

  static Result uuid(List<Object> arguments, Entropy entropy) {
    return new Result.Value(uuid(entropy));
  }

  /** A random UUID, version 4. */
  static String uuid(Entropy entropy) {
    long high = entropy.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL | 0x4000L;
    long low = entropy.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
    return new java.util.UUID(high, low).toString();
  }

  /** The finalizer of SplitMix64: seeds that are near each other give bits that are not. */
  static long mix(long seed) {
    long z = seed + 0x9E37_79B9_7F4A_7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
