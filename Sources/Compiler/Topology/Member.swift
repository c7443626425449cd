import NetworkState

/// What stands at a key of an object.
///
/// The three cases keep one mistake from becoming two: what is `unreadable` has been reported, and nobody may go on
/// as if it were not there.
enum Member<Value> {
    case absent
    case unreadable(JSONPointer)
    case written(Value, JSONPointer)

    var value: Value? { if case .written(let value, _) = self { value } else { nil } }
    var isAbsent: Bool { if case .absent = self { true } else { false } }
    var isUnreadable: Bool { if case .unreadable = self { true } else { false } }

    var pointer: JSONPointer? {
        switch self {
        case .absent: nil
        case .unreadable(let pointer), .written(_, let pointer): pointer
        }
    }
}

extension Member: Sendable where Value: Sendable {}

/// A value and where it stands.
struct Located<Value> {
    let value: Value
    let pointer: JSONPointer
}

extension Located: Sendable where Value: Sendable {}

/// The elements of a list that could be read.
struct Listing<Element> {
    var elements: [Element] = []
    /// Whether those are all: what an unreadable one may have declared must not be called unknown.
    var isComplete = true
}

extension Listing: Sendable where Element: Sendable {}

extension Member {
    /// The elements of a list, none where it is absent or unreadable.
    func listing<Element>() -> Listing<Element> where Value == Listing<Element> {
        switch self {
        case .absent: Listing()
        case .unreadable: Listing(isComplete: false)
        case .written(let listing, _): listing
        }
    }
}
