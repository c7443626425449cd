/// One block of a pcapng file (draft-ietf-opsawg-pcapng §3.1), and the options that end it. All numbers are
/// little-endian, which the file's first block says.
struct CaptureBlock {
    /// `block type` of §4 and §3.1.
    enum Kind: UInt32 {
        case section = 0x0a0d_0d0a
        case interface = 1
        case enhancedPacket = 6
    }

    /// Codes of §3.5 and §4; their meaning, but for the first two, depends on the block.
    enum Option: UInt16 {
        case end = 0
        case comment = 1
        /// `if_name` of an interface, `epb_flags` of a packet.
        case nameOrFlags = 2
        /// `if_description`.
        case description = 3
        /// `shb_userappl`.
        case application = 4
        /// `if_tsresol`.
        case timeResolution = 9
    }

    private static let alignment = 4
    /// Options' lengths are 16 bits wide.
    private static let longestOption = Int(UInt16.max)

    private let kind: Kind
    private var body: [UInt8] = []
    private var hasOptions = false

    init(_ kind: Kind) { self.kind = kind }

    mutating func put(_ value: some FixedWidthInteger) { body.append(littleEndian: value) }

    /// With what fills it up to the next number's place.
    mutating func put(_ bytes: [UInt8]) {
        body += bytes
        body += repeatElement(0, count: -bytes.count & (Self.alignment - 1))
    }

    /// Cut off where it is longer than any option may be.
    mutating func putOption(_ option: Option, _ value: [UInt8]) {
        let value = Array(value.prefix(Self.longestOption))
        put(option.rawValue)
        put(UInt16(value.count))
        put(value)
        hasOptions = true
    }

    mutating func putOption(_ option: Option, _ text: String?) {
        if let text { putOption(option, Array(text.utf8)) }
    }

    /// Its length stands at both ends, so that files can be read backwards.
    var bytes: [UInt8] {
        var block = self
        if hasOptions {
            block.put(Option.end.rawValue)
            block.put(UInt16(0))
        }
        let length = UInt32(block.body.count + 12)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(length))
        bytes.append(littleEndian: kind.rawValue)
        bytes.append(littleEndian: length)
        bytes += block.body
        bytes.append(littleEndian: length)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
