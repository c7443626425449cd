import Compiler
import NetworkState

extension CheckList.Passage: Packable {
    struct Rest: Hashable, Sendable {
        let there: Stretch<PathElement>?
        let back: Stretch<PathElement>?
        let encapsulation: NetworkModel.Encapsulation?
        let pathOrigin: CheckList.Origin
        let encapsulationOrigin: CheckList.Origin
    }

    var parts: Parts<Rest> {
        let (one, other) = (PathElement(node: from, link: nil), PathElement(node: to, link: nil))
        let rest = Rest(
            there: there.map { Stretch($0, from: one, to: other) },
            back: back.map { Stretch($0, from: other, to: one) },
            encapsulation: encapsulation, pathOrigin: pathOrigin, encapsulationOrigin: encapsulationOrigin)
        return Parts(from: from, target: .init(name: to, address: address), rest: rest)
    }

    init(_ parts: Parts<Rest>) {
        guard let to = parts.target.name, let address = parts.target.address else {
            preconditionFailure("a passage to nobody")
        }
        let (one, other) = (PathElement(node: parts.from, link: nil), PathElement(node: to, link: nil))
        let rest = parts.rest
        self.init(
            from: parts.from, to: to, address: address, there: rest.there?.list(from: one, to: other),
            back: rest.back?.list(from: other, to: one), encapsulation: rest.encapsulation,
            pathOrigin: rest.pathOrigin, encapsulationOrigin: rest.encapsulationOrigin)
    }
}
