package peers;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Reads one bare Avro UserEvent. By hand, as it is cheaper than Avro's own reader and as strict as the function: whole bytes,
 * UTF-8, and uuids in the form 8-4-4-4-12.
 */
final class AvroReader {
  /** The bytes are no valid event. Without a stack: it is an outcome of one record in a hundred. */
  static final class NotAnEvent extends Exception {
    NotAnEvent() {
      super(null, null, false, false);
    }
  }

  private static final int LARGEST_EVENT_TYPE = 800;
  private static final long LAST_TIME = 8_640_000_000_000_000L;

  private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
  private byte[] bytes;
  private int at;

  UserEvent read(byte[] value) throws NotAnEvent {
    bytes = value;
    at = 0;
    UserEvent event = new UserEvent();
    event.userId = uuid();
    int typeBytes = length();
    event.eventType = text(typeBytes);
    event.eventTime = varint();
    event.eventId = uuid();
    event.metadata = map();
    if (at != bytes.length
        || typeBytes == 0
        || typeBytes > LARGEST_EVENT_TYPE
        || event.eventTime > LAST_TIME
        || event.eventTime < -LAST_TIME) throw new NotAnEvent();
    return event;
  }

  /** Zig-zag, seven bits a byte, the lowest first. */
  private long varint() throws NotAnEvent {
    long bits = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == bytes.length) throw new NotAnEvent();
      byte next = bytes[at++];
      bits |= (next & 0x7fL) << shift;
      if (next >= 0) return (bits >>> 1) ^ -(bits & 1);
    }
    throw new NotAnEvent();
  }

  private int length() throws NotAnEvent {
    long length = varint();
    if (length < 0 || length > bytes.length - at) throw new NotAnEvent();
    return (int) length;
  }

  private String string() throws NotAnEvent {
    return text(length());
  }

  private String text(int length) throws NotAnEvent {
    int start = at;
    at += length;
    for (int index = start; index < at; index++) if (bytes[index] < 0) return decoded(start, length);
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  private String decoded(int start, int length) throws NotAnEvent {
    try {
      return utf8.decode(ByteBuffer.wrap(bytes, start, length)).toString();
    } catch (CharacterCodingException error) {
      throw new NotAnEvent();
    }
  }

  private UUID uuid() throws NotAnEvent {
    if (length() != 36) throw new NotAnEvent();
    long high = hex(0, 8) << 32 | hex(9, 13) << 16 | hex(14, 18);
    long low = hex(19, 23) << 48 | hex(24, 36);
    for (int dash : new int[] {8, 13, 18, 23}) if (bytes[at + dash] != '-') throw new NotAnEvent();
    at += 36;
    return new UUID(high, low);
  }

  private long hex(int from, int to) throws NotAnEvent {
    long value = 0;
    for (int index = at + from; index < at + to; index++) {
      int digit = Character.digit(bytes[index], 16);
      if (digit < 0) throw new NotAnEvent();
      value = value << 4 | digit;
    }
    return value;
  }

  /** Blocks of entries, the last one empty; a block of negative count says its length in bytes as well. */
  private Map<String, String> map() throws NotAnEvent {
    Map<String, String> entries = new HashMap<>();
    for (long count = varint(); count != 0; count = varint()) {
      if (count < 0) {
        count = -count;
        varint();
      }
      for (; count > 0; count--) entries.put(string(), string());
    }
    return entries;
  }
}
