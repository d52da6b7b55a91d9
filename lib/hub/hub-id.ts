/** A model on the Hugging Face hub: "owner/name". */
export const HUB_ID = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;
