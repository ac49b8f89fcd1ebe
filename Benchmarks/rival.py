"""tantivy through its Python binding, in-process, on the same products: one stemmed text field and three facet fields."""
import csv, pathlib, time

import tantivy

FACETS = {name: {"terms": {"field": name, "size": 10}} for name in ("category", "brand", "size")}


class Tantivy:
    def __init__(self, journey: pathlib.Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name="en_stem")
        for name in FACETS:
            builder.add_text_field(name, tokenizer_name="raw", fast=True)
        self.index = tantivy.Index(builder.build())
        writer = self.index.writer(200_000_000, 1)
        with open(journey / "products.tsv", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                text = " ".join(row[name] for name in ("product_type", "product_category", "department", "brand", "package_size"))
                writer.add_document(tantivy.Document(
                    id=row["product_id"], text=text, category=row["product_category"] or "none",
                    brand=row["brand"] or "none", size=row["package_size"] or "none"))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def measure(self, texts: list[str], rounds: int) -> tuple[list[float], list[float]]:
        """Milliseconds of the top ten identifiers, and of these with facet counts; the first round does not count."""
        searcher = self.index.searcher()
        parsed = [self.index.parse_query_lenient(text, ["text"])[0] for text in texts]
        plain, with_facets = [], []
        for number in range(rounds + 1):
            for query in parsed:
                began = time.perf_counter()
                hits = searcher.search(query, 10, count=False).hits
                [searcher.doc(address)["id"][0] for _, address in hits]
                middle = time.perf_counter()
                searcher.aggregate(query, FACETS)
                end = time.perf_counter()
                if number:
                    plain.append((middle - began) * 1000)
                    with_facets.append((end - began) * 1000)
        return plain, with_facets
