import NetworkState

/// What tables say of ends, read off one host's namespaces after the other, in so little space that all of a large network need not
/// be there at once.
///
/// Whatever names an end, anywhere, leaves a mark on it: a hash of the entry as it would be of any end. Two ends with the same marks
/// are told apart by nothing but the prefixes that they are in. Marks are added up, 64 bits of a hash that is seeded anew
/// in each process: that two ends of a hundred thousand are taken for alike by chance happens once in a billion runs.
struct EndMarks {
    private let ends: [NetworkEnd]
    private let places: [String: Int]
    /// All that may be meant by a name or an address.
    private let names: Set<String>
    /// How many have them.
    private let addresses: [IPAddress: Int]
    private var sums: [UInt64]
    private var renamings: [Renaming?]
    private var remarks = Remarks()

    /// What is said on a machine that is not about its own ends.
    struct Remarks {
        /// Of ends of others.
        fileprivate(set) var words: [Word: UInt64] = [:]
        fileprivate(set) var prefixes: Set<IPPrefix> = []
        fileprivate(set) var sets: Set<AddressSet> = []

        fileprivate mutating func add(_ other: Remarks) {
            words.merge(other.words, uniquingKeysWith: &+)
            prefixes.formUnion(other.prefixes)
            sets.formUnion(other.sets)
        }
    }

    var prefixes: Set<IPPrefix> { remarks.prefixes }
    var sets: Set<AddressSet> { remarks.sets }

    /// - `others`: ends of another network, whose marks will be taken over.
    init(_ ends: [NetworkEnd], besides others: [NetworkEnd] = []) {
        self.ends = ends
        places = Dictionary(uniqueKeysWithValues: ends.enumerated().map { ($1.name, $0) })
        names = Set(places.keys).union(others.map(\.name))
        addresses = ends.holders.merging(others.holders, uniquingKeysWith: max)
        sums = Array(repeating: 0, count: ends.count)
        renamings = Array(repeating: nil, count: ends.count)
    }

    /// A machine's own namespace, and those of its containers.
    @discardableResult mutating func read(
        _ own: (name: String, state: NamespaceState), _ containers: [(name: String, state: NamespaceState)]
    ) -> Remarks {
        var remarks = Remarks()
        var locals = Locals()
        let hostLinks = Dictionary(
            own.state.links.unordered.compactMap { link in link.address.map { ($0, 1) } }, uniquingKeysWith: +)
        for (name, state) in containers + [own] {
            guard let end = places[name] else { continue }
            let peer = ends[end].link.flatMap { own.state.links[$0]?.address }
            let far = peer.flatMap { hostLinks[$0] == 1 ? $0 : nil }
            let renaming = ends[end].renaming(
                state.addresses.unordered.map(\.prefix.address),
                links: state.links.sorted.compactMap(\.address) + [far].compactMap(\.self))
            renamings[end] = renaming
            locals.note(end, renaming)
        }
        read(own.state, on: own.name, locals, owner: places[own.name], &remarks)
        // A container's own links have nothing to do with what its host calls those of others.
        locals.links = [:]
        for (name, state) in containers { read(state, on: name, locals, owner: places[name], &remarks) }
        self.remarks.add(remarks)
        return remarks
    }

    /// Instead of reading a machine and its containers that are the same in another network, where they have been read.
    mutating func adopt(_ names: [String], from marks: EndMarks, _ remarks: Remarks) {
        for name in names {
            guard let own = places[name], let other = marks.places[name] else { continue }
            sums[own] = marks.sums[other]
            renamings[own] = marks.renamings[other]
        }
        self.remarks.add(remarks)
    }

    /// What names the ends of one host there.
    private struct Locals {
        var links: [String: Int] = [:]
        private(set) var words: [Word: [Int]] = [:]

        mutating func note(_ end: Int, _ renaming: Renaming) {
            if let link = renaming.link { links[link.text] = end }
            for word in renaming.words { words[word, default: []].append(end) }
        }
    }

    private mutating func read(
        _ state: NamespaceState, on node: String, _ locals: Locals, owner: Int?, _ remarks: inout Remarks
    ) {
        state.forEachResource { note($0, on: node, locals, owner: owner, &remarks) }
        for route in state.routes.unordered where !route.destination.isHost {
            remarks.prefixes.insert(route.destination)
        }
        for address in state.addresses.unordered where !address.prefix.isHost {
            remarks.prefixes.insert(address.prefix.network)
        }
        if !state.tables.isEmpty { remarks.sets.formUnion(AddressTranslation(state.tables.sorted).addressSets) }
    }

    /// - `owner`: the end that the node is.
    private mutating func note(
        _ resource: Resource, on node: String, _ locals: Locals, owner: Int?, _ remarks: inout Remarks
    ) {
        // An entry names two or three, and most name one.
        var named: [Int] = owner.map { [$0] } ?? []
        var others: [Word] = []
        resource.visit { link in
            if let end = locals.links[link], !named.contains(end) { named.append(end) }
        } word: { word in
            // Of most words that is all there is to say.
            if case .address(let address) = word, !address.isLinkLocal, addresses[address] == nil { return }
            if let ends = locals.words[word] {
                for end in ends where !named.contains(end) { named.append(end) }
                // Behind NAT others have the same address, and what is sent to it there is not theirs.
                if case .address(let address) = word, addresses[address, default: 0] > 1 { others.append(word) }
            } else if mayBeAnEnd(word) {
                others.append(word)
            }
        }
        for end in named {
            guard let renaming = renamings[end] else { continue }
            sums[end] &+= Self.mark(resource.renamed(by: renaming), end == owner ? "" : node)
        }
        for word in others { remarks.words[word, default: 0] &+= Self.mark(resource.renamed(by: Renaming(word)), node) }
    }

    /// Link-local addresses are known when their namespace is read.
    private func mayBeAnEnd(_ word: Word) -> Bool {
        switch word {
        case .address(let address): address.isLinkLocal || addresses[address] != nil
        case .linkLayerAddress: true
        case .node(let name): names.contains(name)
        }
    }

    private static func mark(_ resource: Resource, _ node: String) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(resource)
        hasher.combine(node)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// What its own host says of an end; 0 of what is none.
    func sum(of name: String) -> UInt64 { places[name].map { sums[$0] } ?? 0 }

    /// With what is said of the end elsewhere; once all is read.
    func mark(of end: Int) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(sums[end])
        for word in renamings[end]?.words ?? [] { hasher.combine(remarks.words[word]) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

extension Renaming {
    fileprivate var words: [Word] {
        (node.map { [Word.node($0)] } ?? []) + addresses.map(Word.address)
            + linkLayerAddresses.map(Word.linkLayerAddress)
    }
}

extension [NetworkEnd] {
    /// How many have an address.
    fileprivate var holders: [IPAddress: Int] {
        Dictionary(flatMap(\.addresses).map { ($0, 1) }, uniquingKeysWith: +)
    }
}
