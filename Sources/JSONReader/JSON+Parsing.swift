import CJansson
package import NetworkState

extension JSON {
    /// What becomes of two members of one object that have one key. RFC 8259 §4 leaves it open; a person who wrote
    /// both meant only one of them.
    package enum DuplicateKeys: Sendable {
        case refused, lastWins
    }

    package init(parsing text: String, duplicateKeys: DuplicateKeys = .refused) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8), duplicateKeys: duplicateKeys)
    }

    /// Reads any JSON value from UTF-8 bytes, at most 2,048 levels deep (`JSON_PARSER_MAX_DEPTH`).
    package init(parsing bytes: [UInt8], duplicateKeys: DuplicateKeys = .refused) throws(JSONSyntaxError) {
        guard !bytes.isEmpty else { throw JSONSyntaxError.empty }
        let flags = JSON_DECODE_ANY | (duplicateKeys == .refused ? JSON_REJECT_DUPLICATES : 0)
        var error = json_error_t()
        let root = unsafe bytes.withUnsafeBytes { unsafe json_loadb($0.baseAddress, $0.count, Int(flags), &error) }
        guard let root = unsafe root else { throw JSONSyntaxError(error, in: bytes) }
        // Everything is copied out, so that no pointer survives this function.
        defer { unsafe json_decref(root) }
        self = unsafe Self.copy(of: root)
    }

    private static func copy(of value: UnsafeMutablePointer<json_t>) -> JSON {
        switch unsafe value.pointee.type {
        case JSON_OBJECT: unsafe .object(members(of: value))
        case JSON_ARRAY: unsafe .array(elements(of: value))
        case JSON_STRING: unsafe .string(string(of: value))
        case JSON_INTEGER: unsafe .integer(json_integer_value(value))
        case JSON_REAL: unsafe .real(json_real_value(value))
        case JSON_TRUE: .bool(true)
        case JSON_FALSE: .bool(false)
        default: .null
        }
    }

    private static func members(of object: UnsafeMutablePointer<json_t>) -> [String: JSON] {
        var members: [String: JSON] = [:]
        unsafe members.reserveCapacity(json_object_size(object))
        var next = unsafe json_object_iter(object)
        while let member = unsafe next {
            if let key = unsafe json_object_iter_key(member), let value = unsafe json_object_iter_value(member) {
                unsafe members[String(cString: key)] = unsafe copy(of: value)
            }
            unsafe next = json_object_iter_next(object, member)
        }
        return members
    }

    private static func elements(of array: UnsafeMutablePointer<json_t>) -> [JSON] {
        unsafe (0..<json_array_size(array)).map {
            unsafe json_array_get(array, $0).map { unsafe copy(of: $0) } ?? .null
        }
    }

    private static func string(of value: UnsafeMutablePointer<json_t>) -> String {
        let bytes = unsafe UnsafeRawBufferPointer(start: json_string_value(value), count: json_string_length(value))
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONSyntaxError {
    /// jansson counts up to behind the token it choked on; ``init(kind:message:endingAt:in:)`` finds where that begins.
    fileprivate init(_ error: json_error_t, in bytes: [UInt8]) {
        var error = error
        let code = unsafe json_error_code(&error)
        let text = unsafe withUnsafeBytes(of: &error.text) { text in
            unsafe String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
        let end = Int(error.position)
        // jansson takes a NUL byte between tokens for the end of the text.
        let isNUL = code == json_error_premature_end_of_input && bytes.indices.contains(end - 1) && bytes[end - 1] == 0
        self.init(kind: isNUL ? .nullCharacter : Kind(code), message: text, endingAt: end, in: bytes)
    }
}

extension JSONSyntaxError.Kind {
    fileprivate init(_ code: json_error_code) {
        self =
            switch code {
            case json_error_duplicate_key: .duplicateKey
            case json_error_premature_end_of_input: .prematureEnd
            case json_error_invalid_utf8: .encoding
            case json_error_stack_overflow: .depth
            case json_error_null_character, json_error_null_byte_in_key: .nullCharacter
            case json_error_numeric_overflow: .number
            default: .syntax
            }
    }
}
