import Compiler
import NetworkState

/// Where expectations and events stand in a topology's text, looked up once.
struct CheckPlaces {
    private let places: [JSONPointer: SourcePlace]

    init(_ topology: ValidTopology, in source: SourceText) {
        let expectations = topology.expectations + topology.events.flatMap { ($0.expectations ?? []) + $0.lossless }
        places = source.places(of: expectations.map(\.pointer) + topology.events.map(\.pointer))
    }

    subscript(pointer: JSONPointer) -> SourcePlace? { places[pointer] }
}
