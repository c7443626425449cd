import NetworkState

/// Makes one JSON value of what several files say.
///
/// Objects are merged key by key, and so are elements of lists that have one `name` in different files. All other
/// elements stand one after the other, what an earlier file has said already left out. Events all stand one after the other,
/// for a thing may happen twice. Anything else must be the same wherever it is said.
struct Merging {
    /// A value, and where it is said.
    struct Part {
        let json: JSON
        var origin: Origin
    }

    /// Two files that say different things of one and the same.
    struct Contradiction {
        /// What it is, in the merged document.
        let pointer: JSONPointer
        let first: Part
        let later: Part
    }

    private(set) var contradictions: [Contradiction] = []

    /// `parts` are one or more, in the order of their files.
    mutating func merge(_ parts: [Part], at pointer: JSONPointer = .root) -> Part {
        guard let first = parts.first else { preconditionFailure("a value that nobody says") }
        guard parts.count > 1 else { return first }
        switch first.json {
        case .object: return mergeObjects(alike(parts, pointer) { $0.object != nil }, at: pointer)
        case .array: return mergeLists(alike(parts, pointer) { $0.array != nil }, at: pointer)
        default:
            _ = alike(parts, pointer) { $0 == first.json || Self.isProse(pointer, first.json, $0) }
            return first
        }
    }

    /// Those of `parts` that can be reconciled with the first; the others contradict it.
    private mutating func alike(
        _ parts: [Part], _ pointer: JSONPointer, _ isAlike: (JSON) -> Bool
    ) -> [Part] {
        for part in parts where !isAlike(part.json) {
            contradictions.append(Contradiction(pointer: pointer, first: parts[0], later: part))
        }
        return parts.filter { isAlike($0.json) }
    }

    /// Whether both are words for people and editors: each file may have its own, and the first file's count.
    private static func isProse(_ pointer: JSONPointer, _ first: JSON, _ later: JSON) -> Bool {
        let isMeant = pointer.steps.last == .key("description") || pointer.steps.last == .key("$schema")
        return isMeant && first.string != nil && later.string != nil
    }

    private mutating func mergeObjects(_ parts: [Part], at pointer: JSONPointer) -> Part {
        var said: [String: [Part]] = [:]
        for part in parts {
            for (key, value) in part.json.object ?? [:] {
                said[key, default: []].append(Part(json: value, origin: part.origin[.key(key)]))
            }
        }
        var (members, origin) = ([String: JSON](), parts[0].origin)
        for (key, parts) in said.sorted(by: { $0.key < $1.key }) {
            let member = merge(parts, at: pointer.appending(key))
            members[key] = member.json
            origin.parts[.key(key)] = member.origin
        }
        return Part(json: .object(members), origin: origin)
    }

    private mutating func mergeLists(_ parts: [Part], at pointer: JSONPointer) -> Part {
        var roll = Roll(isSequence: pointer.steps == [.key("events")])
        for part in parts { roll.add(part) }
        var (elements, origin) = ([JSON](), parts[0].origin)
        for (index, parts) in roll.elements.enumerated() {
            let element = merge(parts, at: pointer.appending(index))
            elements.append(element.json)
            origin.parts[.index(index)] = element.origin
        }
        return Part(json: .array(elements), origin: origin)
    }
}

/// The elements of one list, and for each what the files say of it.
private struct Roll {
    /// Whether each element stands for itself, whatever else is like it.
    let isSequence: Bool
    private(set) var elements: [[Merging.Part]] = []
    private var named: [String: Int] = [:]
    private var known: Set<JSON> = []

    init(isSequence: Bool) {
        self.isSequence = isSequence
    }

    /// What one file has twice stays twice, as in a topology of one file, where it may be a mistake to be told.
    mutating func add(_ list: Merging.Part) {
        guard !isSequence else { return append(all: list) }
        let earlier = (named: named, known: known)
        for (index, json) in (list.json.array ?? []).enumerated() {
            let element = Merging.Part(json: json, origin: list.origin[.index(index)])
            let name = json["name"]?.string
            if let name, let place = earlier.named[name] {
                elements[place].append(element)
            } else if name != nil || !earlier.known.contains(json) {
                if let name, named[name] == nil { named[name] = elements.count }
                elements.append([element])
                known.insert(json)
            }
        }
    }

    private mutating func append(all list: Merging.Part) {
        for (index, json) in (list.json.array ?? []).enumerated() {
            elements.append([Merging.Part(json: json, origin: list.origin[.index(index)])])
        }
    }
}
