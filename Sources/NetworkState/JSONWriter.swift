/// Writes bytes rather than characters: a lab's ledgers come to megabytes, and each is written before its lab is up.
package struct JSONWriter {
    /// How it is laid out.
    package enum Layout {
        case line
        /// Two spaces of indent.
        case indented
        /// Indented as well, but each resource on one line: there may be a hundred thousand.
        case tabular
    }

    package private(set) var bytes: [UInt8] = []
    private var depth = 0
    private let layout: Layout
    /// Whether what is being written shares a line.
    private(set) var isInline: Bool
    private var digest = StableHash()
    /// How many bytes are accounted for in `digest`.
    private var digestedCount = 0

    package init(_ layout: Layout) {
        self.layout = layout
        isInline = layout == .line
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Of what is not there for its looks; nothing of text that is merely indented, which nobody asks for the hash of.
    package var hash: UInt64 {
        mutating get {
            digestRest()
            return digest.value
        }
    }

    /// What has been written since it was last taken.
    package mutating func takeBytes() -> [UInt8] {
        digestRest()
        digestedCount = 0
        // What is kept of a shared array's room is allocated anew, each time a little more.
        defer { bytes = [] }
        return bytes
    }

    /// An object, without the members whose value is nil.
    package mutating func object(_ members: KeyValuePairs<String, JSON?>) {
        let present = members.compactMap { key, value in value.map { (key, $0) } }
        object(present.sorted { $0.0 < $1.0 }) { $0.write($1) }
    }

    /// How the value of a member is written.
    package typealias Writing = (inout JSONWriter) -> Void

    /// An object whose members are in order.
    package mutating func object(_ members: [(String, Writing)]) { object(members) { $1(&$0) } }

    /// An object whose members are in order.
    package mutating func object<Value>(
        _ members: [(String, Value)], _ write: (inout JSONWriter, Value) -> Void
    ) {
        open("{", "}") { writer in
            for (index, (key, value)) in members.enumerated() {
                writer.begin(index)
                writer.key(key)
                write(&writer, value)
            }
            return members.count
        }
    }

    package mutating func array<Failure>(
        count: Int, _ write: (inout JSONWriter, Int) throws(Failure) -> Void
    ) throws(Failure) {
        try array(0..<count, write)
    }

    package mutating func array<Element, Failure>(
        _ elements: some Sequence<Element>, _ write: (inout JSONWriter, Element) throws(Failure) -> Void
    ) throws(Failure) {
        try open("[", "]") { writer throws(Failure) in
            var count = 0
            for element in elements {
                writer.begin(count)
                try write(&writer, element)
                count += 1
            }
            return count
        }
    }

    package var byteCount: Int { bytes.count }

    /// What `body` writes, on one line if the layout has it so.
    mutating func row(_ body: (inout JSONWriter) -> Void) {
        let wasInline = isInline
        isInline = isInline || layout == .tabular
        body(&self)
        isInline = wasInline
    }

    package mutating func write(_ json: JSON) {
        switch json {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .real(let value): append("\(value)")
        case .string(let value): quote(value)
        case .array(let elements): array(elements) { $0.write($1) }
        case .object(let members):
            object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }) { $0.write($1) }
        }
    }

    /// - `body`: gives how many elements or members it has written.
    private mutating func open<Failure>(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar,
        _ body: (inout JSONWriter) throws(Failure) -> Int
    ) throws(Failure) {
        bytes.append(UInt8(ascii: opening))
        depth += 1
        let isEmpty = try body(&self) == 0
        depth -= 1
        if !isEmpty { breakLine() }
        bytes.append(UInt8(ascii: closing))
    }

    /// Before the element or member at `index` of its like.
    private mutating func begin(_ index: Int) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func key(_ key: String) {
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        if !isInline { pad(" ") }
    }

    private mutating func breakLine() {
        if isInline { return }
        digestRest()
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
        digestedCount = bytes.count
    }

    /// What is there for its looks.
    private mutating func pad(_ byte: Unicode.Scalar) {
        digestRest()
        bytes.append(UInt8(ascii: byte))
        digestedCount = bytes.count
    }

    private mutating func digestRest() {
        if layout == .indented { return }
        for place in digestedCount..<bytes.count { digest.add(bytes[place]) }
        digestedCount = bytes.count
    }

    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func quote(_ string: String) {
        append(UInt8(ascii: "\""))
        if string.utf8.contains(where: Self.isEscaped) {
            for byte in string.utf8 { escape(byte) }
        } else {
            append(string)
        }
        append(UInt8(ascii: "\""))
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\t"): append("\\t")
        case UInt8(ascii: "\r"): append("\\r")
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        default: append(byte)
        }
    }
}
