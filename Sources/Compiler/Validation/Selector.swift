/// What an expectation names many by: names with wild cards, or labels.
enum Selector {
    /// `*` stands for any characters, `?` for one.
    case pattern([Character])
    /// All of which must hold.
    case labels([String: String])

    /// Nil for a plain name.
    init?(parsing text: String) {
        if text.contains("=") {
            var labels: [String: String] = [:]
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                labels[sides[0]] = sides.count == 2 ? sides[1] : ""
            }
            self = .labels(labels)
        } else if text.contains(where: { $0 == "*" || $0 == "?" }) {
            self = .pattern(Array(text))
        } else {
            return nil
        }
    }

    /// Whether every label in it has both sides.
    var isWellFormed: Bool {
        switch self {
        case .labels(let wanted): wanted.allSatisfy { !$0.key.isEmpty && !$0.value.isEmpty }
        case .pattern: true
        }
    }

    func matches(_ name: String, _ labels: [String: String]) -> Bool {
        switch self {
        case .labels(let wanted): wanted.allSatisfy { labels[$0.key] == $0.value }
        case .pattern(let pattern): Self.matches(pattern[...], Array(name)[...])
        }
    }

    /// Goes back to the last `*` and has it stand for one more whenever the rest does not fit: no more than quadratic.
    private static func matches(_ pattern: ArraySlice<Character>, _ name: ArraySlice<Character>) -> Bool {
        var (place, position) = (pattern.startIndex, name.startIndex)
        var retry: (place: Int, position: Int)?
        while position < name.endIndex {
            if place < pattern.endIndex, pattern[place] == "*" {
                retry = (place, position)
                place += 1
            } else if place < pattern.endIndex, pattern[place] == "?" || pattern[place] == name[position] {
                place += 1
                position += 1
            } else if let last = retry {
                retry = (last.place, last.position + 1)
                (place, position) = (last.place + 1, last.position + 1)
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == "*" }
    }
}

/// What containers and servers are labelled with; a container has its host's labels, and its own before those.
struct LabelTable {
    private var labels: [String: [String: String]] = [:]

    init(_ topology: Topology, _ roster: Roster) {
        for server in topology.servers.elements {
            if let name = server.name.value { labels[name] = server.labels.value }
        }
        for host in roster.hosts {
            let common = host.written.labels.value ?? [:]
            if common.isEmpty && host.containers.written.isEmpty { continue }
            for container in host.containers {
                let own = host.written(container)?.labels.value ?? [:]
                let all = common.merging(own) { $1 }
                if !all.isEmpty { labels[container.name] = all }
            }
        }
    }

    subscript(name: String) -> [String: String] { labels[name] ?? [:] }

    /// `app=web`, each once.
    var words: [String] {
        Set(labels.values.flatMap { $0.map { "\($0.key)=\($0.value)" } }).sorted()
    }
}
