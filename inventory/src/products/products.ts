// What an operator does with products: add, change. Both are noted in the ledger of stock, with who did it.
import type { ProductCreate, ProductPatch } from "@dropgate/contracts/product";
import { type Outcome, refuse } from "@dropgate/contracts/refusals";
import type { Statements } from "@dropgate/sql";
import { insertNote } from "@dropgate/sql/levels/transactions";
import {
  insertProduct,
  lockProduct,
  type ProductFacts,
  type ProductRow,
  updateProduct,
} from "@dropgate/sql/products/product-row";
import { differences, patched } from "../patching.ts";

/** Within the caller's transaction. */
export async function createProductIn(
  tx: Statements,
  { sku, ...request }: ProductCreate,
  actor: string,
): Promise<Outcome<ProductRow>> {
  const facts = factsOf(request);
  const product = await insertProduct(tx, sku, facts);
  if (product === null) return refuse("PRODUCT_EXISTS");
  await insertNote(tx, {
    type: "product.created",
    sku,
    locationId: null,
    reference: null,
    actor,
    data: { ...facts },
  });
  return { ok: true, value: product };
}

/** Within the caller's transaction. */
export async function patchProductIn(
  tx: Statements,
  sku: string,
  patch: ProductPatch,
  actor: string,
): Promise<Outcome<ProductRow>> {
  const product = await lockProduct(tx, sku);
  if (product === null) return refuse("PRODUCT_NOT_FOUND");
  const to = factsOf(patched(requestOf(product), patch));
  const data = differences(product, to);
  if (data === null) return { ok: true, value: product };
  await insertNote(tx, { type: "product.changed", sku, locationId: null, reference: null, actor, data });
  return { ok: true, value: await updateProduct(tx, sku, to) };
}

type ProductRequest = Omit<ProductCreate, "sku">;

function factsOf({ price, dimensionsMm, ...request }: ProductRequest): ProductFacts {
  return {
    ...request,
    priceAmount: price.amount,
    priceCurrency: price.currency,
    lengthMm: dimensionsMm.length,
    widthMm: dimensionsMm.width,
    heightMm: dimensionsMm.height,
  };
}

/** A product in the words in which it is asked for. */
export function requestOf(facts: ProductFacts): ProductRequest {
  return {
    title: facts.title,
    price: { amount: facts.priceAmount, currency: facts.priceCurrency },
    weightGrams: facts.weightGrams,
    dimensionsMm: { length: facts.lengthMm, width: facts.widthMm, height: facts.heightMm },
    hazmat: facts.hazmat,
    oversized: facts.oversized,
    refrigerated: facts.refrigerated,
    preorder: facts.preorder,
  };
}
