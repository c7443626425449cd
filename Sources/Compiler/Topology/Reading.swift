import NetworkState

/// How one kind of JSON value is read. Nil stands for a mistake, which then has been reported.
struct Reading<Value> {
    typealias Read = (_ json: JSON, _ pointer: JSONPointer, _ diagnostics: inout Diagnostics) -> Value?

    let read: Read

    init(_ read: @escaping Read) {
        self.read = read
    }

    /// Lists element by element, and keeps those that can be read.
    static func list<Element>(of element: Reading<Element>) -> Reading where Value == Listing<Element> {
        Reading { json, pointer, diagnostics in
            guard let array = json.array else {
                diagnostics.report(.wrongType(of: json, expected: "a list", at: pointer))
                return nil
            }
            var listing = Listing<Element>()
            for (index, json) in array.enumerated() {
                if let value = element.read(json, pointer.appending(index), &diagnostics) {
                    listing.elements.append(value)
                } else {
                    listing.isComplete = false
                }
            }
            return listing
        }
    }

    /// One value, or a list of at least one. One that cannot be read spoils the whole: a subnet that is missing from a list
    /// would make mistakes of the addresses in it.
    ///
    /// - `wayOut`: what to do about an empty list.
    static func oneOrMany<Element>(
        of element: Reading<Element>, wayOut: String = "leave the key out to have the default"
    ) -> Reading where Value == [Located<Element>] {
        Reading { json, pointer, diagnostics in
            guard let array = json.array else {
                return element.read(json, pointer, &diagnostics).map { [Located(value: $0, pointer: pointer)] }
            }
            guard !array.isEmpty else {
                diagnostics.report(.emptyList(at: pointer, wayOut: wayOut))
                return nil
            }
            return Reading.every(element).read(json, pointer, &diagnostics)
        }
    }

    /// A list all of whose elements can be read.
    static func every<Element>(_ element: Reading<Element>) -> Reading where Value == [Located<Element>] {
        Reading { json, pointer, diagnostics in
            let located = Reading<Located<Element>> { json, pointer, diagnostics in
                element.read(json, pointer, &diagnostics).map { Located(value: $0, pointer: pointer) }
            }
            guard let listing = Reading<Listing<Located<Element>>>.list(of: located).read(json, pointer, &diagnostics),
                listing.isComplete
            else { return nil }
            return listing.elements
        }
    }
}

extension Reading<String> {
    static var string: Reading {
        Reading { json, pointer, diagnostics in
            if json.string == nil { diagnostics.report(.wrongType(of: json, expected: "a string", at: pointer)) }
            return json.string
        }
    }

    /// A name without a range.
    static var name: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = string.read(json, pointer, &diagnostics) else { return nil }
            guard NodeName.isValid(text) else {
                diagnostics.report(.badName(text, at: pointer))
                return nil
            }
            return text
        }
    }
}

extension Reading<Bool> {
    static var bool: Reading {
        Reading { json, pointer, diagnostics in
            if json.bool == nil { diagnostics.report(.wrongType(of: json, expected: "true or false", at: pointer)) }
            return json.bool
        }
    }
}

extension Reading<Int64> {
    static var integer: Reading {
        Reading { json, pointer, diagnostics in
            if json.integer == nil { diagnostics.report(.wrongType(of: json, expected: "a whole number", at: pointer)) }
            return json.integer
        }
    }
}

extension Reading<UInt32> {
    /// From the least an IPv4 link may have (RFC 791 §3.2) to the longest IPv4 packet.
    static var mtu: Reading {
        Reading { json, pointer, diagnostics in
            guard let number = Reading<Int64>.integer.read(json, pointer, &diagnostics) else { return nil }
            guard (68...65535).contains(number) else {
                diagnostics.report(.mtuOutOfRange(number, at: pointer))
                return nil
            }
            return UInt32(number)
        }
    }
}

extension Reading where Value: RawRepresentable<String> & CaseIterable {
    /// One of an enumeration's words.
    static var word: Reading {
        Reading { json, pointer, diagnostics in
            guard let text = Reading<String>.string.read(json, pointer, &diagnostics) else { return nil }
            guard let value = Value(rawValue: text) else {
                diagnostics.report(.badValue(text, allowed: Value.allCases.map(\.rawValue), at: pointer))
                return nil
            }
            return value
        }
    }
}
