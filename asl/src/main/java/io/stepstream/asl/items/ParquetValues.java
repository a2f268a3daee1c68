package io.stepstream.asl.items;

import dev.hardwood.internal.reader.Page;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.LogicalType.TimeUnit;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Parquet's values as JSON's: numbers are numbers, exactly; texts are strings; moments, dates and
 * times of day are strings in ISO 8601, moments in UTC; bytes that nothing says more of are Base64.
 */
final class ParquetValues {

  private static final int JULIAN_EPOCH_DAY = 2_440_588;

  private ParquetValues() {}

  static Object json(PrimitiveNode column, Page page, int index) throws ReadRefused {
    LogicalType type = column.logicalType();
    try {
      return switch (page) {
        case Page.BooleanPage booleans -> booleans.get(index);
        case Page.IntPage ints -> integer(ints.get(index), type);
        case Page.LongPage longs -> integer(longs.get(index), type);
        case Page.FloatPage floats -> Double.valueOf(Float.toString(floats.get(index)));
        case Page.DoublePage doubles -> doubles.get(index);
        case Page.ByteArrayPage arrays -> bytes(arrays.get(index), column.type(), type);
      };
    } catch (RuntimeException e) {
      throw ParquetColumn.corrupt(
          "column '%s' has a value that its type has not: %s"
              .formatted(column.name(), e.getMessage()));
    }
  }

  private static Object integer(int value, @Nullable LogicalType type) {
    return switch (type) {
      case LogicalType.IntType number when !number.isSigned() -> Integer.toUnsignedLong(value);
      case LogicalType.DecimalType decimal -> BigDecimal.valueOf(value, decimal.scale());
      case LogicalType.DateType _ -> LocalDate.ofEpochDay(value).toString();
      case LogicalType.TimeType time -> timeOfDay(value, time.unit());
      case null, default -> value;
    };
  }

  private static Object integer(long value, @Nullable LogicalType type) {
    return switch (type) {
      case LogicalType.IntType number when !number.isSigned() && value < 0 ->
          new BigInteger(Long.toUnsignedString(value));
      case LogicalType.DecimalType decimal -> BigDecimal.valueOf(value, decimal.scale());
      case LogicalType.TimeType time -> timeOfDay(value, time.unit());
      case LogicalType.TimestampType time -> moment(value, time);
      case null, default -> value;
    };
  }

  private static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000;
      case MICROS -> 1_000_000;
      case NANOS -> 1_000_000_000;
    };
  }

  private static String timeOfDay(long value, TimeUnit unit) {
    return LocalTime.ofNanoOfDay(Math.multiplyExact(value, 1_000_000_000 / perSecond(unit)))
        .toString();
  }

  private static String moment(long value, LogicalType.TimestampType type) {
    long perSecond = perSecond(type.unit());
    Instant moment =
        Instant.ofEpochSecond(
            Math.floorDiv(value, perSecond),
            Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond));
    // What is the time of no particular zone must not look like UTC.
    return type.isAdjustedToUTC()
        ? moment.toString()
        : LocalDateTime.ofInstant(moment, ZoneOffset.UTC).toString();
  }

  private static Object bytes(byte[] value, PhysicalType physical, @Nullable LogicalType type) {
    if (physical == PhysicalType.INT96) {
      return int96(value);
    }
    return switch (type) {
      case LogicalType.StringType _ -> text(value);
      case LogicalType.EnumType _ -> text(value);
      case LogicalType.JsonType _ -> text(value);
      case LogicalType.DecimalType decimal ->
          new BigDecimal(new BigInteger(value), decimal.scale());
      case LogicalType.UuidType _ -> {
        ByteBuffer halves = ByteBuffer.wrap(value);
        yield new UUID(halves.getLong(0), halves.getLong(8)).toString();
      }
      case LogicalType.Float16Type _ ->
          Double.valueOf(
              Float.toString(
                  Float.float16ToFloat(
                      ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getShort(0))));
      case null, default -> Base64.getEncoder().encodeToString(value);
    };
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** What Hive and Spark long wrote for a moment. */
  private static String int96(byte[] value) {
    ByteBuffer parts = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
    return LocalDate.ofEpochDay(parts.getInt(8) - (long) JULIAN_EPOCH_DAY)
        .atStartOfDay()
        .plusNanos(parts.getLong(0))
        .toInstant(ZoneOffset.UTC)
        .toString();
  }
}
